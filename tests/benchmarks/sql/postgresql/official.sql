WITH part AS MATERIALIZED (
  SELECT id, role, record_id, row_number() OVER (ORDER BY id) AS place FROM involvement
  WHERE actor_id = $1 AND until IS NULL
  ORDER BY id
  LIMIT 51
)
SELECT
  row_to_json(told)::text,
  coalesce((
    SELECT json_agg(json_build_object('role', p.role, 'record',
      CASE split_part(p.record_id, '/', 1)
        WHEN 'statement' THEN (
          SELECT json_build_object('id', s.id, 'title', s.title, 'act', s.act, 'topic', s.topic,
            'madeOn', CASE WHEN coalesce(s.made_on_stated, s.made_on_edtf,
                s.made_on_earliest::text, s.made_on_latest::text, s.made_on_precision) IS NOT NULL
              THEN json_build_object('stated', s.made_on_stated,
                'earliest', s.made_on_earliest) END)
          FROM statement s WHERE s.id = p.record_id AND s.until IS NULL)
        WHEN 'agreement' THEN (SELECT json_build_object('id', id, 'title', title)
          FROM agreement WHERE id = p.record_id AND until IS NULL)
        WHEN 'procurement' THEN (SELECT json_build_object('id', id, 'title', title)
          FROM procurement WHERE id = p.record_id AND until IS NULL)
        WHEN 'event' THEN (SELECT json_build_object('id', id, 'title', title)
          FROM event WHERE id = p.record_id AND until IS NULL)
        WHEN 'decision' THEN (SELECT json_build_object('id', id, 'title', title)
          FROM decision WHERE id = p.record_id AND until IS NULL)
        WHEN 'source' THEN (SELECT json_build_object('id', id, 'title', title)
          FROM source WHERE id = p.record_id AND until IS NULL)
      END) ORDER BY p.place)
    FROM part p WHERE p.place <= 50), '[]')::text,
  (SELECT max(id) FROM part WHERE place <= 50),
  (SELECT count(*) > 50 FROM part)
FROM official o CROSS JOIN LATERAL (SELECT
  o.id, o.title, o.name,
  (SELECT json_build_object('id', p.id, 'title', p.title)
    FROM party p WHERE p.id = o.state_id AND p.until IS NULL) AS state,
  coalesce((
    SELECT json_agg(json_build_object('text', n.text, 'language', n.language, 'kind', n.kind)
      ORDER BY n.id)
    FROM name n WHERE n.record_id = o.id AND n.until IS NULL), '[]') AS names,
  json_build_object('nodes', coalesce((
    SELECT json_agg(json_build_object(
      'post', t.post,
      'startedOn', CASE WHEN coalesce(t.started_on_stated, t.started_on_edtf,
          t.started_on_earliest::text, t.started_on_latest::text, t.started_on_precision)
            IS NOT NULL
        THEN json_build_object('stated', t.started_on_stated,
          'earliest', t.started_on_earliest) END,
      'endedOn', CASE WHEN coalesce(t.ended_on_stated, t.ended_on_edtf,
          t.ended_on_earliest::text, t.ended_on_latest::text, t.ended_on_precision) IS NOT NULL
        THEN json_build_object('stated', t.ended_on_stated, 'earliest', t.ended_on_earliest) END,
      'party', (SELECT json_build_object('id', p.id, 'title', p.title)
        FROM party p WHERE p.id = t.party_id AND p.until IS NULL)) ORDER BY t.id)
    FROM (SELECT * FROM tenure WHERE official_id = o.id AND until IS NULL
      ORDER BY id LIMIT 20) t), '[]')) AS tenures
) told
WHERE o.id = $1 AND o.until IS NULL
