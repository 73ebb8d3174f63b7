-- The map of the site: which petitions search engines may find.

-- name: sitemap_last_petition$
-- The highest number of a petition that may be found; none: null. No locks. Index: petition_pkey, from its end.
select p.id
from
    petition as p
where
    petition_is_findable(p.stage, p.text_hidden, p.opened_at)
order by
    p.id desc
limit 1;

-- name: sitemap_petitions
-- The petitions in a range of numbers that may be found, and when something last happened to them in public. No locks.
-- Indexes: petition_pkey, event_pkey.
select
    p.id,
    p.stage <> 'rejected' as has_dossier,
    (
        select max(e.occurred_at)
        from event as e
        where
            e.petition_id = p.id
            and e.public
    ) as changed_at
from
    petition as p
where
    p.id between :first::bigint and :last::bigint
    and petition_is_findable(p.stage, p.text_hidden, p.opened_at)
order by
    p.id;
