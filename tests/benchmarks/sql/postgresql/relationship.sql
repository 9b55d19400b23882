WITH RECURSIVE
one_parties (id) AS (
  SELECT $1::text COLLATE "C"
  UNION SELECT p.id FROM one_parties o
    JOIN party p ON (p.state_id = o.id OR p.parent_id = o.id) AND p.until IS NULL
),
one AS MATERIALIZED (
  SELECT id FROM one_parties
  UNION SELECT id FROM official
    WHERE state_id IN (SELECT id FROM one_parties) AND until IS NULL
  UNION SELECT official_id FROM tenure
    WHERE party_id IN (SELECT id FROM one_parties) AND until IS NULL AND official_id IS NOT NULL
),
other_parties (id) AS (
  SELECT $2::text COLLATE "C"
  UNION SELECT p.id FROM other_parties o
    JOIN party p ON (p.state_id = o.id OR p.parent_id = o.id) AND p.until IS NULL
),
other AS MATERIALIZED (
  SELECT id FROM other_parties
  UNION SELECT id FROM official
    WHERE state_id IN (SELECT id FROM other_parties) AND until IS NULL
  UNION SELECT official_id FROM tenure
    WHERE party_id IN (SELECT id FROM other_parties) AND until IS NULL AND official_id IS NOT NULL
),
turned AS MATERIALIZED (
  SELECT (SELECT count(*) FROM involvement WHERE actor_id = ANY (ARRAY(SELECT id FROM one)))
    > (SELECT count(*) FROM involvement WHERE actor_id = ANY (ARRAY(SELECT id FROM other))) AS is_so
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
  SELECT a.record_id, a.role AS near, b.role AS far, b.actor_id
  FROM involvement a CROSS JOIN LATERAL (
    SELECT i.role, i.actor_id FROM involvement i
    WHERE i.record_id = a.record_id AND i.until IS NULL AND i.id <> a.id
    OFFSET 0) b
  WHERE a.actor_id = ANY (ARRAY(SELECT id FROM fewer)) AND a.until IS NULL
),
pair AS MATERIALIZED (
  SELECT record_id, CASE WHEN is_so THEN far ELSE near END AS one,
    CASE WHEN is_so THEN near ELSE far END AS other
  FROM met CROSS JOIN turned
  WHERE actor_id IN (SELECT id FROM more)
),
tie AS MATERIALIZED (
  SELECT record_id, split_part(record_id, '/', 1) AS noun,
    bool_or(one = 'FROM' AND other = 'TO') AS forth,
    bool_or(one = 'TO' AND other = 'FROM') AS back
  FROM (SELECT record_id, {reach one} AS one, {reach other} AS other FROM pair) pair
  WHERE one <> 'NOWHERE' AND other <> 'NOWHERE' AND NOT (one = 'TO' AND other = 'TO')
  GROUP BY record_id
),
shown AS MATERIALIZED (
  (SELECT 'agreements' AS list, record_id FROM tie
    WHERE noun = 'agreement' ORDER BY record_id LIMIT 20)
  UNION ALL
  (SELECT 'forth', record_id FROM tie
    WHERE noun = 'procurement' AND forth ORDER BY record_id LIMIT 20)
  UNION ALL
  (SELECT 'back', record_id FROM tie
    WHERE noun = 'procurement' AND back ORDER BY record_id LIMIT 20)
),
taking AS MATERIALIZED (
  SELECT i.record_id, i.id, i.role, i.actor_id,
    i.actor_id IN (SELECT id FROM one) AS is_one, i.actor_id IN (SELECT id FROM other) AS is_other
  FROM involvement i
  WHERE i.record_id IN (SELECT record_id FROM shown) AND i.until IS NULL
    AND {reach i.role} <> 'NOWHERE'
),
title AS MATERIALIZED (
  SELECT a.id, json_build_object('id', a.id, 'title', coalesce(p.title, o.title)) AS actor
  FROM (SELECT actor_id AS id FROM taking WHERE is_one OR is_other UNION SELECT $1 UNION SELECT $2) a
  LEFT JOIN party p ON p.id = a.id AND p.until IS NULL
  LEFT JOIN official o ON o.id = a.id AND o.until IS NULL
),
part AS MATERIALIZED (
  SELECT t.record_id,
    json_agg(json_build_object('role', t.role, 'actor', title.actor) ORDER BY t.id)
      FILTER (WHERE t.is_one) AS one,
    json_agg(json_build_object('role', t.role, 'actor', title.actor) ORDER BY t.id)
      FILTER (WHERE t.is_other) AS other
  FROM taking t LEFT JOIN title ON title.id = t.actor_id
  GROUP BY t.record_id
),
node AS MATERIALIZED (
  SELECT shown.list, json_agg(json_build_object(
    'record', CASE shown.list WHEN 'agreements' THEN (
        SELECT json_build_object('id', a.id, 'title', a.title, 'kind', a.kind,
          'signedOn', CASE WHEN coalesce(a.signed_on_stated, a.signed_on_edtf,
              a.signed_on_earliest::text, a.signed_on_latest::text, a.signed_on_precision)
                IS NOT NULL
            THEN json_build_object('stated', a.signed_on_stated,
              'earliest', a.signed_on_earliest) END)
        FROM agreement a WHERE a.id = shown.record_id AND a.until IS NULL)
      ELSE (
        SELECT json_build_object('id', p.id, 'title', p.title, 'stage', p.stage,
          'value', CASE WHEN coalesce(p.value_stated, p.value_minimum::text,
              p.value_maximum::text, p.value_currency, p.value_scope) IS NOT NULL
            THEN json_build_object('minimum', {money p.value_minimum},
              'maximum', {money p.value_maximum},
              'currency', p.value_currency) END)
        FROM procurement p WHERE p.id = shown.record_id AND p.until IS NULL) END,
    'one', CASE shown.list WHEN 'back' THEN part.other ELSE part.one END,
    'other', CASE shown.list WHEN 'back' THEN part.one ELSE part.other END
  ) ORDER BY shown.record_id) AS told
  FROM shown
  JOIN part ON part.record_id = shown.record_id
  GROUP BY shown.list
),
total AS MATERIALIZED (
  SELECT count(*) FILTER (WHERE noun = 'agreement') AS agreements,
    count(*) FILTER (WHERE noun = 'statement' AND forth) AS forth,
    count(*) FILTER (WHERE noun = 'statement' AND back) AS back
  FROM tie
)
SELECT json_build_object(
  'id', 'relationship/' || $1::text || '~' || $2::text,
  'sides', json_build_array(
    json_build_object('actor', a.actor), json_build_object('actor', b.actor)),
  'agreements', json_build_object('totalCount', total.agreements,
    'nodes', coalesce((SELECT told FROM node WHERE list = 'agreements'), '[]')),
  'directions', json_build_array(
    json_build_object('fromActor', a.actor, 'toActor', b.actor,
      'procurements', json_build_object('nodes',
        coalesce((SELECT told FROM node WHERE list = 'forth'), '[]')),
      'statements', json_build_object('totalCount', total.forth)),
    json_build_object('fromActor', b.actor, 'toActor', a.actor,
      'procurements', json_build_object('nodes',
        coalesce((SELECT told FROM node WHERE list = 'back'), '[]')),
      'statements', json_build_object('totalCount', total.back)))
)::text
FROM total
JOIN title a ON a.id = $1
JOIN title b ON b.id = $2
