SELECT json_object(
  'id', id, 'title', title, 'titleOrigin', title_origin, 'kind', kind, 'status', status,
  'label', label, 'instrumentTitle', instrument_title, 'sector', sector, 'purpose', purpose,
  'isBinding', CASE is_binding WHEN 1 THEN json('true') WHEN 0 THEN json('false') END,
  'signedOn', CASE WHEN coalesce(signed_on_stated, signed_on_edtf, signed_on_earliest,
      signed_on_latest, signed_on_precision) IS NOT NULL
    THEN json_object('stated', signed_on_stated, 'edtf', signed_on_edtf,
      'earliest', signed_on_earliest, 'latest', signed_on_latest,
      'precision', signed_on_precision) END,
  'inForceOn', CASE WHEN coalesce(in_force_on_stated, in_force_on_edtf, in_force_on_earliest,
      in_force_on_latest, in_force_on_precision) IS NOT NULL
    THEN json_object('stated', in_force_on_stated, 'edtf', in_force_on_edtf,
      'earliest', in_force_on_earliest, 'latest', in_force_on_latest,
      'precision', in_force_on_precision) END
)
FROM agreement
WHERE id = :id AND until IS NULL
