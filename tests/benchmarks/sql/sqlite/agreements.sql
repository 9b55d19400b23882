SELECT a.id, json_object(
  'id', a.id, 'title', a.title, 'kind', a.kind, 'status', a.status,
  'signedOn', CASE WHEN coalesce(a.signed_on_stated, a.signed_on_edtf, a.signed_on_earliest,
      a.signed_on_latest, a.signed_on_precision) IS NOT NULL
    THEN json_object('stated', a.signed_on_stated, 'earliest', a.signed_on_earliest,
      'latest', a.signed_on_latest) END,
  'parties', (
    SELECT json_group_array(json_object('role', i.role, 'actor', json_object('id', i.actor_id,
      'title', coalesce(
        (SELECT p.title FROM party p WHERE p.id = i.actor_id AND p.until IS NULL),
        (SELECT o.title FROM official o WHERE o.id = i.actor_id AND o.until IS NULL)))))
    FROM (SELECT role, actor_id FROM involvement
      WHERE record_id = a.id AND role = 'PARTY' AND until IS NULL ORDER BY id) i),
  'signatories', (
    SELECT json_group_array(json_object('role', i.role, 'actor', json_object('id', i.actor_id,
      'title', coalesce(
        (SELECT o.title FROM official o WHERE o.id = i.actor_id AND o.until IS NULL),
        (SELECT p.title FROM party p WHERE p.id = i.actor_id AND p.until IS NULL)))))
    FROM (SELECT role, actor_id FROM involvement
      WHERE record_id = a.id AND role = 'SIGNATORY' AND until IS NULL ORDER BY id) i),
  'claims', json_object('nodes', (
    SELECT json_group_array(json_object('field', upper(replace(c.field, 'On', '_On')),
      'value', json(c.value), 'status', c.status,
      'passages', (
        SELECT json_group_array(json_object('exact', p.exact))
        FROM (SELECT exact FROM passage
          WHERE claim_id = c.id AND until IS NULL ORDER BY start, id) p),
      'source', (
        SELECT json_object('id', s.id, 'title', s.title)
        FROM source s WHERE s.id = c.source_id AND s.until IS NULL)))
    FROM (SELECT id, field, value, status, source_id FROM claim
      WHERE record_id = a.id AND until IS NULL ORDER BY field, id LIMIT 20) c))
)
FROM agreement a
WHERE a.id > :after AND a.until IS NULL
ORDER BY a.id
LIMIT 51
