WITH bought AS MATERIALIZED (
  SELECT p.id, p.value_stated, p.value_minimum, p.value_maximum, p.value_currency, p.value_scope,
    p.quantity_minimum, p.quantity_maximum,
    CASE WHEN coalesce(p.ordered_on_earliest, p.ordered_on_latest) IS NOT NULL
      THEN p.ordered_on_earliest ELSE p.delivered_on_earliest END AS earliest,
    CASE WHEN coalesce(p.ordered_on_earliest, p.ordered_on_latest) IS NOT NULL
      THEN p.ordered_on_latest ELSE p.delivered_on_latest END AS latest,
    (p.value_minimum IS NOT NULL OR p.value_maximum IS NOT NULL) AS known,
    coalesce(p.value_scope = 'UNIT', FALSE) AS each,
    coalesce(p.quantity_maximum, p.quantity_minimum) AS number
  FROM procurement p
  WHERE p.until IS NULL AND p.id IN (
    SELECT record_id FROM involvement
    WHERE actor_id = $1 AND record_id >= 'procurement/' AND record_id < 'procurement0'
      AND role = 'BUYER' AND until IS NULL)
),
weighed AS MATERIALIZED (
  SELECT *, (known AND each AND (number IS NULL OR coalesce(
    coalesce(value_maximum, value_minimum) > 9000000000000000000 / nullif(number, 0), FALSE)))
    AS unsummed
  FROM bought
),
priced AS MATERIALIZED (
  SELECT id, known, unsummed, known AND NOT unsummed AS summed,
    CASE WHEN extract(year FROM earliest) = extract(year FROM latest)
        THEN '=' || extract(year FROM earliest)
      WHEN earliest IS NOT NULL OR latest IS NOT NULL THEN '!SPANS_YEARS'
      ELSE '!NOT_DATED' END COLLATE "C" AS year,
    CASE WHEN known THEN value_currency END AS currency,
    CASE WHEN unsummed THEN NULL WHEN each THEN value_minimum * quantity_minimum
      ELSE value_minimum END AS least,
    CASE WHEN unsummed THEN NULL WHEN each THEN value_maximum * quantity_maximum
      ELSE value_maximum END AS most,
    value_stated AS stated,
    CASE WHEN value_scope = 'SHARED' THEN coalesce((
      SELECT min(c.source_id) FROM claim c WHERE c.record_id = weighed.id
        AND c.field = 'value' AND c.is_accepted AND c.until IS NULL), '') END AS share
  FROM weighed
),
taking AS MATERIALIZED (
  SELECT DISTINCT i.record_id, coalesce(
    (SELECT o.state_id FROM official o WHERE o.id = i.actor_id AND o.until IS NULL),
    (SELECT p.state_id FROM party p WHERE p.id = i.actor_id AND p.until IS NULL),
    i.actor_id) AS actor
  FROM priced JOIN involvement i
    ON i.record_id = priced.id AND i.role = 'SUPPLIER' AND i.until IS NULL
),
turned AS MATERIALIZED (
  SELECT p.*, coalesce('=' || t.actor, '!NOBODY') COLLATE "C" AS party,
    CASE WHEN p.share IS NULL THEN 1 ELSE row_number() OVER (
      PARTITION BY p.year, t.actor, p.currency, p.least, p.most, p.stated, p.share
      ORDER BY p.id) END AS turn
  FROM priced p LEFT JOIN taking t ON t.record_id = p.id
),
summed AS MATERIALIZED (
  SELECT year, party, currency, count(*) AS number, count(*) FILTER (WHERE summed) AS with_money,
    count(*) FILTER (WHERE unsummed) AS unsummed,
    coalesce(sum(least) FILTER (WHERE summed AND turn = 1), 0) AS least,
    coalesce(sum(most) FILTER (WHERE summed AND turn = 1), 0) AS most,
    bool_or(summed AND turn = 1 AND most IS NULL) AS open_above
  FROM turned
  GROUP BY year, party, currency
),
grouped AS MATERIALIZED (
  SELECT year, party, sum(number) AS number, json_build_object('count', sum(number),
    'withoutMoney', sum(number) - sum(with_money) - sum(unsummed),
    'money', coalesce(json_agg(json_build_object('currency', currency, 'count', with_money,
      'minimum', {money least},
      'maximum', CASE WHEN NOT open_above THEN {money most} END) ORDER BY currency NULLS LAST)
      FILTER (WHERE with_money > 0), '[]')) AS figures
  FROM summed
  GROUP BY year, party
),
whole AS (
  SELECT *, CASE WHEN share IS NULL THEN 1 ELSE row_number() OVER (
    PARTITION BY currency, least, most, stated, share ORDER BY id) END AS turn
  FROM priced
),
totals AS (
  SELECT currency, count(*) FILTER (WHERE summed) AS with_money,
    coalesce(sum(least) FILTER (WHERE summed AND turn = 1), 0) AS least,
    coalesce(sum(most) FILTER (WHERE summed AND turn = 1), 0) AS most,
    bool_or(summed AND turn = 1 AND most IS NULL) AS open_above
  FROM whole
  GROUP BY currency
)
SELECT json_build_object(
  'total', json_build_object('count', (SELECT count(*) FROM priced), 'money', coalesce((
    SELECT json_agg(json_build_object('currency', currency,
      'minimum', {money least},
      'maximum', CASE WHEN NOT open_above THEN {money most} END) ORDER BY currency NULLS LAST)
      FILTER (WHERE with_money > 0)
    FROM totals), '[]')),
  'groups', coalesce((
    SELECT json_agg(json_build_object(
      'keys', json_build_array(
        json_build_object('by', 'YEAR',
          'value', CASE WHEN g.year LIKE '=%' THEN substr(g.year, 2) END,
          'missing', CASE WHEN g.year LIKE '!%' THEN substr(g.year, 2) END,
          'record', NULL),
        json_build_object('by', 'PARTY',
          'value', CASE WHEN g.party LIKE '=%' THEN substr(g.party, 2) END,
          'missing', CASE WHEN g.party LIKE '!%' THEN substr(g.party, 2) END,
          'record', CASE WHEN coalesce(p.id, o.id) IS NOT NULL THEN json_build_object(
            'id', coalesce(p.id, o.id), 'title', coalesce(p.title, o.title)) END)),
      'figures', g.figures) ORDER BY g.year LIKE '!%', g.year, g.party LIKE '!%', g.party)
    FROM grouped g
    LEFT JOIN party p ON p.id = substr(g.party, 2) AND p.until IS NULL
    LEFT JOIN official o ON o.id = substr(g.party, 2) AND o.until IS NULL), '[]'),
  'repeatCount', coalesce((SELECT sum(number) FROM grouped), 0) - (SELECT count(*) FROM priced)
)::text
