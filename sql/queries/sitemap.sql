-- The site map: the petitions that search engines may index.

-- name: sitemap_last_petition$
-- The highest id of a petition that may be indexed; null for none. No locks. Index: petition_pkey, from its end.
select p.id
from
    petition as p
where
    petition_is_findable(p.stage, p.text_hidden, p.opened_at)
order by
    p.id desc
limit 1;

-- name: sitemap_petitions
-- The petitions in a range of ids that may be indexed, with the moment of their last public event. No locks.
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
