WITH part AS MATERIALIZED (
  SELECT id, role, record_id FROM involvement
  WHERE actor_id = :id AND until IS NULL
  ORDER BY id
  LIMIT 51
)
SELECT
  json_object(
    'id', o.id, 'title', o.title, 'name', o.name,
    'state', (SELECT json_object('id', id, 'title', title)
      FROM party WHERE id = o.state_id AND until IS NULL),
    'names', (
      SELECT json_group_array(json_object('text', text, 'language', language, 'kind', kind))
      FROM (SELECT text, language, kind FROM name
        WHERE record_id = o.id AND until IS NULL ORDER BY id)),
    'tenures', json_object('nodes', (
      SELECT json_group_array(json_object(
        'post', t.post,
        'startedOn', CASE WHEN coalesce(t.started_on_stated, t.started_on_edtf,
            t.started_on_earliest, t.started_on_latest, t.started_on_precision) IS NOT NULL
          THEN json_object('stated', t.started_on_stated, 'earliest', t.started_on_earliest) END,
        'endedOn', CASE WHEN coalesce(t.ended_on_stated, t.ended_on_edtf,
            t.ended_on_earliest, t.ended_on_latest, t.ended_on_precision) IS NOT NULL
          THEN json_object('stated', t.ended_on_stated, 'earliest', t.ended_on_earliest) END,
        'party', (SELECT json_object('id', id, 'title', title)
          FROM party WHERE id = t.party_id AND until IS NULL)))
      FROM (SELECT * FROM tenure
        WHERE official_id = o.id AND until IS NULL ORDER BY id LIMIT 20) t))
  ),
  (
    SELECT json_group_array(json_object('role', p.role, 'record',
      CASE substr(p.record_id, 1, instr(p.record_id, '/') - 1)
        WHEN 'statement' THEN (
          SELECT json_object('id', s.id, 'title', s.title, 'act', s.act, 'topic', s.topic,
            'madeOn', CASE WHEN coalesce(s.made_on_stated, s.made_on_edtf, s.made_on_earliest,
                s.made_on_latest, s.made_on_precision) IS NOT NULL
              THEN json_object('stated', s.made_on_stated, 'earliest', s.made_on_earliest) END)
          FROM statement s WHERE s.id = p.record_id AND s.until IS NULL)
        WHEN 'agreement' THEN (SELECT json_object('id', id, 'title', title)
          FROM agreement WHERE id = p.record_id AND until IS NULL)
        WHEN 'procurement' THEN (SELECT json_object('id', id, 'title', title)
          FROM procurement WHERE id = p.record_id AND until IS NULL)
        WHEN 'event' THEN (SELECT json_object('id', id, 'title', title)
          FROM event WHERE id = p.record_id AND until IS NULL)
        WHEN 'decision' THEN (SELECT json_object('id', id, 'title', title)
          FROM decision WHERE id = p.record_id AND until IS NULL)
        WHEN 'source' THEN (SELECT json_object('id', id, 'title', title)
          FROM source WHERE id = p.record_id AND until IS NULL)
      END))
    FROM (SELECT * FROM part LIMIT 50) p
  ),
  (SELECT max(id) FROM (SELECT id FROM part LIMIT 50)),
  (SELECT count(*) > 50 FROM part)
FROM official o
WHERE o.id = :id AND o.until IS NULL
