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
    WHERE actor_id = :buyer AND role = 'BUYER' AND until IS NULL)
),
weighed AS MATERIALIZED (
  SELECT *, (known AND each AND (number IS NULL OR coalesce(
    coalesce(value_maximum, value_minimum) > 9000000000000000000 / nullif(number, 0), FALSE)))
    AS unsummed
  FROM bought
),
priced AS MATERIALIZED (
  SELECT id, known, unsummed,
    CASE WHEN substr(earliest, 1, 4) = substr(latest, 1, 4) THEN '=' || substr(earliest, 1, 4)
      WHEN earliest IS NOT NULL OR latest IS NOT NULL THEN '!SPANS_YEARS'
      ELSE '!NOT_DATED' END AS year,
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
  FROM involvement i
  WHERE i.record_id IN (SELECT id FROM priced) AND i.role = 'SUPPLIER' AND i.until IS NULL
),
turned AS MATERIALIZED (
  SELECT p.*, coalesce('=' || t.actor, '!NOBODY') AS party,
    CASE WHEN p.share IS NULL THEN 1 ELSE row_number() OVER (
      PARTITION BY p.year, t.actor, p.currency, p.least, p.most, p.stated, p.share
      ORDER BY p.id) END AS turn
  FROM priced p LEFT JOIN taking t ON t.record_id = p.id
),
summed AS (
  SELECT year, party, currency, count(*) AS number, sum(known AND NOT unsummed) AS with_money,
    sum(unsummed) AS unsummed,
    sum(CASE WHEN known AND turn = 1 AND NOT unsummed THEN coalesce(least, 0) ELSE 0 END) AS least,
    sum(CASE WHEN known AND turn = 1 AND NOT unsummed THEN coalesce(most, 0) ELSE 0 END) AS most,
    sum(known AND turn = 1 AND NOT unsummed AND most IS NULL) AS open_above
  FROM turned
  GROUP BY year, party, currency
  ORDER BY year LIKE '!%', year, party LIKE '!%', party, currency IS NULL, currency
),
grouped AS MATERIALIZED (
  SELECT year, party, sum(number) AS number, json_object(
    'keys', json_array(
      json_object('by', 'YEAR',
        'value', CASE WHEN year LIKE '=%' THEN substr(year, 2) END,
        'missing', CASE WHEN year LIKE '!%' THEN substr(year, 2) END,
        'record', NULL),
      json_object('by', 'PARTY',
        'value', CASE WHEN party LIKE '=%' THEN substr(party, 2) END,
        'missing', CASE WHEN party LIKE '!%' THEN substr(party, 2) END,
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
  GROUP BY year, party
),
whole AS (
  SELECT *, CASE WHEN share IS NULL THEN 1 ELSE row_number() OVER (
    PARTITION BY currency, least, most, stated, share ORDER BY id) END AS turn
  FROM priced
),
totals AS (
  SELECT currency, sum(known AND NOT unsummed) AS with_money,
    sum(CASE WHEN known AND turn = 1 AND NOT unsummed THEN coalesce(least, 0) ELSE 0 END) AS least,
    sum(CASE WHEN known AND turn = 1 AND NOT unsummed THEN coalesce(most, 0) ELSE 0 END) AS most,
    sum(known AND turn = 1 AND NOT unsummed AND most IS NULL) AS open_above
  FROM whole
  GROUP BY currency
  ORDER BY currency IS NULL, currency
)
SELECT '{"total":{"count":' || (SELECT count(*) FROM priced) || ',"money":' || (
    SELECT json_group_array(json_object('currency', currency,
      'minimum', {money least},
      'maximum', CASE WHEN NOT open_above THEN {money most} END)) FILTER (WHERE with_money)
    FROM totals)
  || '},"groups":[' || coalesce((SELECT group_concat(told) FROM (SELECT told FROM grouped
    ORDER BY year LIKE '!%', year, party LIKE '!%', party)), '')
  || '],"repeats":' || (coalesce((SELECT sum(number) FROM grouped), 0)
    - (SELECT count(*) FROM priced)) || '}'
