WITH RECURSIVE
one_parties (id) AS (
  SELECT :one
  UNION SELECT p.id FROM one_parties o JOIN party p ON p.state_id = o.id AND p.until IS NULL
  UNION SELECT p.id FROM one_parties o JOIN party p ON p.parent_id = o.id AND p.until IS NULL
),
one AS MATERIALIZED (
  SELECT id FROM one_parties
  UNION SELECT id FROM official
    WHERE state_id IN (SELECT id FROM one_parties) AND until IS NULL
  UNION SELECT official_id FROM tenure
    WHERE party_id IN (SELECT id FROM one_parties) AND until IS NULL AND official_id IS NOT NULL
),
other_parties (id) AS (
  SELECT :other
  UNION SELECT p.id FROM other_parties o JOIN party p ON p.state_id = o.id AND p.until IS NULL
  UNION SELECT p.id FROM other_parties o JOIN party p ON p.parent_id = o.id AND p.until IS NULL
),
other AS MATERIALIZED (
  SELECT id FROM other_parties
  UNION SELECT id FROM official
    WHERE state_id IN (SELECT id FROM other_parties) AND until IS NULL
  UNION SELECT official_id FROM tenure
    WHERE party_id IN (SELECT id FROM other_parties) AND until IS NULL AND official_id IS NOT NULL
),
turned AS MATERIALIZED (
  SELECT (SELECT count(*) FROM involvement WHERE actor_id IN (SELECT id FROM one))
    > (SELECT count(*) FROM involvement WHERE actor_id IN (SELECT id FROM other)) AS is_so
),
fewer AS MATERIALIZED (
  SELECT id FROM one WHERE (SELECT NOT is_so FROM turned)
  UNION ALL SELECT id FROM other WHERE (SELECT is_so FROM turned)
),
more AS MATERIALIZED (
  SELECT id FROM one WHERE (SELECT is_so FROM turned)
  UNION ALL SELECT id FROM other WHERE (SELECT NOT is_so FROM turned)
),
met AS MATERIALIZED (
  SELECT record_id, id, role FROM involvement
  WHERE record_id IN (
      SELECT record_id FROM involvement
      WHERE actor_id IN (SELECT id FROM fewer) AND until IS NULL)
    AND +actor_id IN (SELECT id FROM more) AND until IS NULL
),
own AS MATERIALIZED (
  SELECT record_id, id, role FROM involvement
  WHERE record_id IN (SELECT record_id FROM met)
    AND +actor_id IN (SELECT id FROM fewer) AND until IS NULL
),
pair AS MATERIALIZED (
  SELECT a.record_id, CASE WHEN turned.is_so THEN b.role ELSE a.role END AS one,
    CASE WHEN turned.is_so THEN a.role ELSE b.role END AS other
  FROM turned CROSS JOIN own a CROSS JOIN met b ON b.record_id = a.record_id AND b.id <> a.id
),
tie AS MATERIALIZED (
  SELECT record_id,
    max(one = 'FROM' AND other = 'TO') AS forth, max(one = 'TO' AND other = 'FROM') AS back
  FROM (SELECT record_id, {reach one} AS one, {reach other} AS other FROM pair)
  WHERE one <> 'NOWHERE' AND other <> 'NOWHERE' AND NOT (one = 'TO' AND other = 'TO')
  GROUP BY record_id
),
shown AS MATERIALIZED (
  SELECT * FROM (SELECT 'agreements' AS list, record_id FROM tie
    WHERE record_id > 'agreement/' AND record_id < 'agreement0' ORDER BY record_id LIMIT 20)
  UNION ALL
  SELECT * FROM (SELECT 'forth', record_id FROM tie
    WHERE record_id > 'procurement/' AND record_id < 'procurement0' AND forth
    ORDER BY record_id LIMIT 20)
  UNION ALL
  SELECT * FROM (SELECT 'back', record_id FROM tie
    WHERE record_id > 'procurement/' AND record_id < 'procurement0' AND back
    ORDER BY record_id LIMIT 20)
),
taking AS MATERIALIZED (
  SELECT i.record_id, i.id, i.role, i.actor_id,
    i.actor_id IN (SELECT id FROM one) AS is_one, i.actor_id IN (SELECT id FROM other) AS is_other
  FROM involvement i
  WHERE i.record_id IN (SELECT record_id FROM shown) AND i.until IS NULL
    AND {reach i.role} <> 'NOWHERE'
  ORDER BY i.record_id, i.id
),
title AS MATERIALIZED (
  SELECT a.id, json_object('id', a.id, 'title', coalesce(
    (SELECT p.title FROM party p WHERE p.id = a.id AND p.until IS NULL),
    (SELECT o.title FROM official o WHERE o.id = a.id AND o.until IS NULL))) AS actor
  FROM (SELECT actor_id AS id FROM taking WHERE is_one OR is_other
    UNION SELECT :one UNION SELECT :other) a
),
part AS MATERIALIZED (
  SELECT record_id,
    group_concat('{"role":"' || role || '","actor":' || actor || '}') FILTER (WHERE is_one) AS one,
    group_concat('{"role":"' || role || '","actor":' || actor || '}') FILTER (WHERE is_other)
      AS other
  FROM (SELECT t.*, (SELECT actor FROM title WHERE title.id = t.actor_id) AS actor FROM taking t)
  GROUP BY record_id
),
node AS MATERIALIZED (
  SELECT shown.list, '{"record":' || CASE shown.list WHEN 'agreements' THEN (
        SELECT json_object('id', a.id, 'title', a.title, 'kind', a.kind,
          'signedOn', CASE WHEN coalesce(a.signed_on_stated, a.signed_on_edtf,
              a.signed_on_earliest, a.signed_on_latest, a.signed_on_precision) IS NOT NULL
            THEN json_object('stated', a.signed_on_stated,
              'earliest', a.signed_on_earliest) END)
        FROM agreement a WHERE a.id = shown.record_id AND a.until IS NULL)
      ELSE (
        SELECT json_object('id', p.id, 'title', p.title, 'stage', p.stage,
          'value', CASE WHEN coalesce(p.value_stated, p.value_minimum, p.value_maximum,
              p.value_currency, p.value_scope) IS NOT NULL
            THEN json_object('minimum', {money p.value_minimum},
              'maximum', {money p.value_maximum},
              'currency', p.value_currency) END)
        FROM procurement p WHERE p.id = shown.record_id AND p.until IS NULL) END
    || ',"one":[' || CASE shown.list WHEN 'back' THEN part.other ELSE part.one END
    || '],"other":[' || CASE shown.list WHEN 'back' THEN part.one ELSE part.other END
    || ']}' AS told
  FROM shown JOIN part ON part.record_id = shown.record_id
),
total AS MATERIALIZED (
  SELECT
    coalesce(sum(record_id < 'agreement0' AND record_id > 'agreement/'), 0) AS agreements,
    coalesce(sum(record_id < 'statement0' AND record_id > 'statement/' AND forth), 0) AS forth,
    coalesce(sum(record_id < 'statement0' AND record_id > 'statement/' AND back), 0) AS back
  FROM tie
)
SELECT '{"id":' || json_quote('relationship/' || :one || '~' || :other)
  || ',"sides":[{"actor":' || a.actor || '},{"actor":' || b.actor
  || '}],"agreements":{"totalCount":' || total.agreements || ',"nodes":['
  || coalesce((SELECT group_concat(told) FROM node WHERE list = 'agreements'), '')
  || ']},"directions":[{"fromActor":' || a.actor || ',"toActor":' || b.actor
  || ',"procurements":{"nodes":['
  || coalesce((SELECT group_concat(told) FROM node WHERE list = 'forth'), '')
  || ']},"statements":{"totalCount":' || total.forth || '}},{"fromActor":' || b.actor
  || ',"toActor":' || a.actor || ',"procurements":{"nodes":['
  || coalesce((SELECT group_concat(told) FROM node WHERE list = 'back'), '')
  || ']},"statements":{"totalCount":' || total.back || '}}]}'
FROM total
JOIN title a ON a.id = :one
JOIN title b ON b.id = :other
