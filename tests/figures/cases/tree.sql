SELECT p.union_id, COALESCE(p.ends_on, '9999-12-31') AS left_on
FROM organisations_placement p
WHERE p.path LIKE %(path)s || '%%'
  AND p.starts_on <= %(last)s
  AND NOT EXISTS (
    SELECT 1 FROM organisations_placement q
    WHERE q.union_id = p.union_id AND q.starts_on > p.starts_on AND q.starts_on <= %(last)s
  )
