WITH found AS MATERIALIZED (
  SELECT id, coalesce(made_on_earliest, '0001-01-01') AS day
  FROM statement
  WHERE act = $1 AND until IS NULL
    AND CASE WHEN made_on_latest IS NULL THEN made_on_earliest
      ELSE coalesce(made_on_earliest, '0001-01-01') END BETWEEN $2 AND $3
  UNION ALL
  SELECT id, coalesce(made_on_earliest, '0001-01-01') AS day
  FROM statement
  WHERE act = $1 AND until IS NULL
    AND CASE WHEN made_on_latest IS NULL THEN made_on_earliest
      ELSE coalesce(made_on_earliest, '0001-01-01') END != CASE WHEN made_on_earliest IS NULL THEN made_on_latest
      ELSE coalesce(made_on_latest, '9999-12-31') END
    AND CASE WHEN made_on_earliest IS NULL THEN made_on_latest
      ELSE coalesce(made_on_latest, '9999-12-31') END >= $2
    AND CASE WHEN made_on_latest IS NULL THEN made_on_earliest
      ELSE coalesce(made_on_earliest, '0001-01-01') END < $2
),
page AS MATERIALIZED (SELECT * FROM found ORDER BY day DESC, id DESC LIMIT 21)
SELECT page.day::text, page.id, (SELECT count(*) FROM found), row_to_json(told)::text
FROM page JOIN statement s ON s.id = page.id AND s.until IS NULL
CROSS JOIN LATERAL (SELECT s.id, s.title, s.act, s.topic, s.text,
  json_build_object('stated', s.made_on_stated, 'earliest', s.made_on_earliest,
    'latest', s.made_on_latest) AS "madeOn") told
ORDER BY page.day DESC, page.id DESC
