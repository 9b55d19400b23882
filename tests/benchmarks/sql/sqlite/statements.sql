WITH found AS MATERIALIZED (
  SELECT rowid AS place, id, coalesce(made_on_earliest, '0001-01-01') AS day
  FROM statement
  WHERE act = :act AND until IS NULL
    AND CASE WHEN (made_on_latest IS NULL) THEN made_on_earliest
      ELSE coalesce(made_on_earliest, '0001-01-01') END BETWEEN :from AND :until
  UNION ALL
  SELECT rowid AS place, id, coalesce(made_on_earliest, '0001-01-01') AS day
  FROM statement
  WHERE act = :act AND until IS NULL
    AND CASE WHEN (made_on_latest IS NULL) THEN made_on_earliest
      ELSE coalesce(made_on_earliest, '0001-01-01') END != CASE WHEN (made_on_earliest IS NULL) THEN made_on_latest
      ELSE coalesce(made_on_latest, '9999-12-31') END
    AND CASE WHEN (made_on_earliest IS NULL) THEN made_on_latest
      ELSE coalesce(made_on_latest, '9999-12-31') END >= :from
    AND CASE WHEN (made_on_latest IS NULL) THEN made_on_earliest
      ELSE coalesce(made_on_earliest, '0001-01-01') END < :from
),
page AS MATERIALIZED (SELECT * FROM found ORDER BY day DESC, id DESC LIMIT 21)
SELECT page.day, page.id, (SELECT count(*) FROM found), json_object(
  'id', s.id, 'title', s.title, 'act', s.act, 'topic', s.topic, 'text', s.text,
  'madeOn', json_object('stated', s.made_on_stated, 'earliest', s.made_on_earliest,
    'latest', s.made_on_latest)
)
FROM page CROSS JOIN statement s ON s.rowid = page.place
