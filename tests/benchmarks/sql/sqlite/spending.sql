WITH bought AS MATERIALIZED (
  SELECT p.id, p.value_minimum, p.value_maximum, p.value_currency, p.value_scope,
    p.quantity_minimum, p.quantity_maximum,
    CASE WHEN coalesce(p.ordered_on_earliest, p.ordered_on_latest) IS NOT NULL
      THEN p.ordered_on_earliest ELSE p.delivered_on_earliest END AS earliest,
    CASE WHEN coalesce(p.ordered_on_earliest, p.ordered_on_latest) IS NOT NULL
      THEN p.ordered_on_latest ELSE p.delivered_on_latest END AS latest,
    (p.value_minimum IS NOT NULL OR p.value_maximum IS NOT NULL) AS known,
    coalesce(p.value_scope = 'UNIT', FALSE) AS each,
    coalesce(p.quantity_maximum, p.quantity_minimum) AS number,
    CASE WHEN p.value_scope = 'SHARED' THEN p.value_stated END AS stated
  FROM procurement p
  WHERE p.until IS NULL AND p.id IN (
    SELECT record_id FROM involvement
    WHERE actor_id = :buyer AND record_id >= 'procurement/' AND record_id < 'procurement0'
      AND role = 'BUYER' AND until IS NULL)
),
weighed AS MATERIALIZED (
  SELECT *, (known AND each AND (number IS NULL OR coalesce(
    coalesce(value_maximum, value_minimum) > 9000000000000000000 / nullif(number, 0), FALSE)))
    AS unsummed
  FROM bought
),
priced AS MATERIALIZED (
  SELECT id, unsummed, known AND NOT unsummed AS summed,
    CASE WHEN substr(earliest, 1, 4) = substr(latest, 1, 4) THEN '=' || substr(earliest, 1, 4)
      WHEN earliest IS NOT NULL OR latest IS NOT NULL THEN '?SPANS_YEARS'
      ELSE '?NOT_DATED' END AS year,
    CASE WHEN known THEN value_currency END AS currency,
    CASE WHEN unsummed THEN NULL WHEN each THEN value_minimum * quantity_minimum
      ELSE value_minimum END AS least,
    CASE WHEN unsummed THEN NULL WHEN each THEN value_maximum * quantity_maximum
      ELSE value_maximum END AS most,
    stated,
    CASE WHEN value_scope = 'SHARED' THEN coalesce((
      SELECT min(c.source_id) FROM claim c WHERE c.record_id = weighed.id
        AND c.field = 'value' AND c.is_accepted AND c.until IS NULL), '') END AS share
  FROM weighed
),
placed AS MATERIALIZED (
  SELECT DISTINCT p.*, coalesce('=' || coalesce(
    (SELECT o.state_id FROM official o WHERE o.id = i.actor_id AND o.until IS NULL),
    (SELECT a.state_id FROM party a WHERE a.id = i.actor_id AND a.until IS NULL),
    i.actor_id), '?NOBODY') AS party
  FROM priced p
  LEFT JOIN involvement i ON i.record_id = p.id AND +i.role = 'SUPPLIER' AND +i.until IS NULL
),
turned AS (
  SELECT year, party, currency, summed, unsummed, least, most, summed AS added
  FROM placed WHERE share IS NULL
  UNION ALL
  SELECT year, party, currency, summed, unsummed, least, most, summed AND 1 = row_number() OVER (
    PARTITION BY year, party, currency, least, most, stated, share ORDER BY id)
  FROM placed WHERE share IS NOT NULL
  UNION ALL
  SELECT NULL, NULL, currency, summed, unsummed, least, most, summed
  FROM priced WHERE share IS NULL
  UNION ALL
  SELECT NULL, NULL, currency, summed, unsummed, least, most, summed AND 1 = row_number() OVER (
    PARTITION BY currency, least, most, stated, share ORDER BY id)
  FROM priced WHERE share IS NOT NULL
),
summed AS MATERIALIZED (
  SELECT year, party, currency, count(*) AS number, sum(summed) AS with_money,
    sum(unsummed) AS unsummed,
    sum(CASE WHEN added THEN coalesce(least, 0) ELSE 0 END) AS least,
    sum(CASE WHEN added THEN coalesce(most, 0) ELSE 0 END) AS most,
    sum(added AND most IS NULL) AS open_above
  FROM turned
  GROUP BY year, party, currency IS NULL, currency
),
grouped AS MATERIALIZED (
  SELECT sum(number) AS number, json_object(
    'keys', json_array(
      json_object('by', 'YEAR',
        'value', CASE WHEN year LIKE '=%' THEN substr(year, 2) END,
        'missing', CASE WHEN year LIKE '?%' THEN substr(year, 2) END,
        'record', NULL),
      json_object('by', 'PARTY',
        'value', CASE WHEN party LIKE '=%' THEN substr(party, 2) END,
        'missing', CASE WHEN party LIKE '?%' THEN substr(party, 2) END,
        'record', coalesce(
          (SELECT json_object('id', id, 'title', title) FROM party p
            WHERE p.id = substr(grouped_by.party, 2) AND p.until IS NULL),
          (SELECT json_object('id', id, 'title', title) FROM official o
            WHERE o.id = substr(grouped_by.party, 2) AND o.until IS NULL)))),
    'figures', json_object('count', sum(number),
      'withoutMoney', sum(number) - sum(with_money) - sum(unsummed),
      'money', json_group_array(json_object('currency', currency, 'count', with_money,
        'minimum', {money least},
        'maximum', CASE WHEN NOT open_above THEN {money most} END))
        FILTER (WHERE with_money))) AS told
  FROM summed AS grouped_by
  WHERE year IS NOT NULL
  GROUP BY year, party
  ORDER BY year, party
)
SELECT '{"total":{"count":' || (SELECT count(*) FROM priced) || ',"money":' || (
    SELECT json_group_array(json_object('currency', currency,
      'minimum', {money least},
      'maximum', CASE WHEN NOT open_above THEN {money most} END)) FILTER (WHERE with_money)
    FROM summed WHERE year IS NULL)
  || '},"groups":[' || coalesce((SELECT group_concat(told) FROM grouped), '')
  || '],"repeatCount":' || (coalesce((SELECT sum(number) FROM grouped), 0)
    - (SELECT count(*) FROM priced)) || '}'
