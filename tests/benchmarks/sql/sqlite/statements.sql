WITH found AS MATERIALIZED (
  SELECT rowid AS place, id, coalesce(made_on_earliest, '0001-01-01') AS day
  FROM statement
  WHERE act = :act AND until IS NULL
    AND (made_on_earliest IS NOT NULL OR made_on_latest IS NOT NULL)
    AND coalesce(made_on_earliest <= :until, TRUE)
    AND coalesce(made_on_latest >= :from, TRUE)
),
page AS MATERIALIZED (SELECT * FROM found ORDER BY day DESC, id DESC LIMIT 21)
SELECT page.day, page.id, (SELECT count(*) FROM found), json_object(
  'id', s.id, 'title', s.title, 'act', s.act, 'topic', s.topic, 'text', s.text,
  'madeOn', json_object('stated', s.made_on_stated, 'earliest', s.made_on_earliest,
    'latest', s.made_on_latest)
)
FROM page CROSS JOIN statement s ON s.rowid = page.place
