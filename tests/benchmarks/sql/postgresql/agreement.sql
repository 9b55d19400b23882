SELECT row_to_json(told)::text
FROM agreement a CROSS JOIN LATERAL (SELECT
  a.id, a.title, a.title_origin AS "titleOrigin", a.kind, a.status, a.label,
  a.instrument_title AS "instrumentTitle", a.sector, a.purpose, a.is_binding AS "isBinding",
  CASE WHEN coalesce(a.signed_on_stated, a.signed_on_edtf, a.signed_on_earliest::text,
      a.signed_on_latest::text, a.signed_on_precision) IS NOT NULL
    THEN json_build_object('stated', a.signed_on_stated, 'edtf', a.signed_on_edtf,
      'earliest', a.signed_on_earliest, 'latest', a.signed_on_latest,
      'precision', a.signed_on_precision) END AS "signedOn",
  CASE WHEN coalesce(a.in_force_on_stated, a.in_force_on_edtf, a.in_force_on_earliest::text,
      a.in_force_on_latest::text, a.in_force_on_precision) IS NOT NULL
    THEN json_build_object('stated', a.in_force_on_stated, 'edtf', a.in_force_on_edtf,
      'earliest', a.in_force_on_earliest, 'latest', a.in_force_on_latest,
      'precision', a.in_force_on_precision) END AS "inForceOn"
) told
WHERE a.id = $1 AND a.until IS NULL
