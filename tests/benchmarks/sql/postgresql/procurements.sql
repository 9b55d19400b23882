SELECT row_to_json(told)::text
FROM procurement p CROSS JOIN LATERAL (SELECT
  p.id, p.title, p.title_origin AS "titleOrigin", p.stage, p.label, p.designation, p.category,
  p.purpose, p.contracting_authority AS "contractingAuthority",
  p.is_government_to_government AS "isGovernmentToGovernment",
  CASE WHEN coalesce(p.value_stated, p.value_minimum::text, p.value_maximum::text,
      p.value_currency, p.value_scope) IS NOT NULL
    THEN json_build_object('minimum', {money p.value_minimum},
      'currency', p.value_currency) END AS value,
  CASE WHEN coalesce(p.ordered_on_stated, p.ordered_on_edtf, p.ordered_on_earliest::text,
      p.ordered_on_latest::text, p.ordered_on_precision) IS NOT NULL
    THEN json_build_object('earliest', p.ordered_on_earliest) END AS "orderedOn"
) told
WHERE p.id > $1 AND p.until IS NULL
ORDER BY p.id
LIMIT 500
