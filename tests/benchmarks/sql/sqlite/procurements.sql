SELECT json_object(
  'id', id, 'title', title, 'titleOrigin', title_origin, 'stage', stage, 'label', label,
  'designation', designation, 'category', category, 'purpose', purpose,
  'contractingAuthority', contracting_authority,
  'isGovernmentToGovernment', CASE is_government_to_government
    WHEN 1 THEN json('true') WHEN 0 THEN json('false') END,
  'value', CASE WHEN coalesce(value_stated, value_minimum, value_maximum, value_currency,
      value_scope) IS NOT NULL
    THEN json_object('minimum', {money value_minimum},
      'currency', value_currency) END,
  'orderedOn', CASE WHEN coalesce(ordered_on_stated, ordered_on_edtf, ordered_on_earliest,
      ordered_on_latest, ordered_on_precision) IS NOT NULL
    THEN json_object('earliest', ordered_on_earliest) END
)
FROM procurement
WHERE id > :after AND until IS NULL
ORDER BY id
LIMIT 500
