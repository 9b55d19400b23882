SELECT a.id, row_to_json(told)::text
FROM agreement a CROSS JOIN LATERAL (SELECT
  a.id, a.title, a.kind, a.status,
  CASE WHEN coalesce(a.signed_on_stated, a.signed_on_edtf, a.signed_on_earliest::text,
      a.signed_on_latest::text, a.signed_on_precision) IS NOT NULL
    THEN json_build_object('stated', a.signed_on_stated, 'earliest', a.signed_on_earliest,
      'latest', a.signed_on_latest) END AS "signedOn",
  coalesce((
    SELECT json_agg(json_build_object('role', i.role, 'actor', json_build_object(
      'id', i.actor_id, 'title', coalesce(
        (SELECT p.title FROM party p WHERE p.id = i.actor_id AND p.until IS NULL),
        (SELECT o.title FROM official o WHERE o.id = i.actor_id AND o.until IS NULL))))
      ORDER BY i.id)
    FROM involvement i
    WHERE i.record_id = a.id AND i.role = 'PARTY' AND i.until IS NULL), '[]') AS parties,
  coalesce((
    SELECT json_agg(json_build_object('role', i.role, 'actor', json_build_object(
      'id', i.actor_id, 'title', coalesce(
        (SELECT o.title FROM official o WHERE o.id = i.actor_id AND o.until IS NULL),
        (SELECT p.title FROM party p WHERE p.id = i.actor_id AND p.until IS NULL))))
      ORDER BY i.id)
    FROM involvement i
    WHERE i.record_id = a.id AND i.role = 'SIGNATORY' AND i.until IS NULL), '[]') AS signatories,
  json_build_object('nodes', coalesce((
    SELECT json_agg(json_build_object('field', upper(replace(c.field, 'On', '_On')),
      'value', CAST(c.value AS json), 'status', c.status,
      'passages', coalesce((
        SELECT json_agg(json_build_object('exact', p.exact) ORDER BY p.start, p.id)
        FROM passage p WHERE p.claim_id = c.id AND p.until IS NULL), '[]'),
      'source', (
        SELECT json_build_object('id', s.id, 'title', s.title)
        FROM source s WHERE s.id = c.source_id AND s.until IS NULL))
      ORDER BY c.field NULLS FIRST, c.id)
    FROM (SELECT * FROM claim WHERE record_id = a.id AND until IS NULL
      ORDER BY field NULLS FIRST, id LIMIT 20) c), '[]')) AS claims
) told
WHERE a.id > $1 AND a.until IS NULL
ORDER BY a.id
LIMIT 51
