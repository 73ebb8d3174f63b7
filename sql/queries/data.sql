-- Feeds and the map of the site.

-- name: feed_events
-- The latest public events of petitions with a public text: of one petition, one subject, one committee, or of all;
-- with the moment of their last correction. Indexes: event_recent_idx, event_corrected_idx,
-- event_pkey, referral_pkey.
select
    e.id, e.petition_id, e.occurred_at, e.kind, e.data, e.facts_version,
    p.title, p.language, p.subject, p.procedure_code, p.procedure_version,
    (
        select max(c.occurred_at)
        from event as c
        where
            c.petition_id = e.petition_id
            and c.kind = 'corrected'
            and (c.data ->> 'event')::bigint = e.id
    ) as corrected_at
from
    event as e
inner join petition as p on e.petition_id = p.id
where
    e.public
    and e.kind = any(:kinds::text[])
    and not p.text_hidden
    and (p.stage in ('open', 'closed') or (p.stage = 'withdrawn' and p.opened_at is not null))
    and (:petition_id::bigint is null or e.petition_id = :petition_id::bigint)
    and (:subject::text is null or p.subject = :subject::text)
    and (
        :committee::text is null
        or exists (
            select 1 from referral as r
            where r.petition_id = e.petition_id and r.committee_slug = :committee::text
        )
    )
order by
    e.occurred_at desc, e.id desc
limit :most::integer;

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
