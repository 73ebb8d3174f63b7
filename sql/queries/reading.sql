-- Reading: data of pages, the API and the embedded counters. No locks.

-- name: counters_read
-- The counts of petitions that changed since a moment; one query a second serves all pages. Index: none (small).
select
    c.petition_id,
    c.confirmed,
    c.changed_at
from
    signature_count as c
where
    c.changed_at >= :since::timestamptz;

-- name: confirmation_mail_delay$
-- The age in seconds of the confirmation mail that will be sent next. Index: outbox_waiting_idx.
select extract(epoch from :now::timestamptz - o.created_at)::integer
from outbox as o
where
    o.state = 'waiting'
    and o.priority = 1
    and o.next_at <= :now::timestamptz
order by
    o.priority, o.next_at, o.id
limit 1;

-- name: home_figures^
-- The figures of the home page: open petitions, signatures of seven days, petitions with a committee and decided ones.
-- Indexes: petition_stage_idx, signature_hour_pkey.
select
    (select count(*) from petition as p where p.stage = 'open') as open_petitions,
    (
        select coalesce(sum(h.confirmed), 0)::bigint
        from petition as p
        inner join signature_hour as h on p.id = h.petition_id
        where
            (p.stage = 'open' or p.closed_at >= :since::timestamptz)
            and h.hour >= :since::timestamptz
    ) as signatures_this_week,
    count(distinct r.petition_id) filter (where r.decided_at is null) as before_committee,
    count(distinct r.petition_id) filter (where r.decided_at is not null) as decided
from
    referral as r
inner join petition as p on r.petition_id = p.id
where
    p.stage in ('open', 'closed');

-- name: moderation_times
-- When the petitions that opened last were submitted and opened, to estimate the duration of moderation.
-- Index: petition_stage_idx.
-- not null: opened_at
select
    p.submitted_at,
    p.opened_at,
    p.timezone
from
    petition as p
where
    p.stage in ('open', 'closed')
    and p.submitted_at is not null
order by
    p.opened_at desc
limit 50;

-- name: petition_public^
-- The public data of one petition; no row for one that is not public (yet). A hidden text is null.
-- Index: petition_pkey.
select
    p.id, p.procedure_code, p.procedure_version, p.stage, p.language, p.subject,
    p.opened_at, p.closes_at, p.closed_at, p.ended_at, p.ground, p.reason,
    v.hidden,
    case when not v.hidden then p.title end as title,
    case when not v.hidden then p.request end as request,
    case when not v.hidden then p.reasons end as reasons,
    case when not v.hidden then p.previous_action end as previous_action,
    case when not v.hidden and p.stage <> 'rejected' then p.initiator_name end as initiator_name,
    case when not v.hidden and p.stage <> 'rejected' then p.initiator_place end as initiator_place,
    c.confirmed, c.paper, c.paper_added
from
    petition as p
cross join lateral (select p.text_hidden or p.stage = 'removed' as hidden) as v
inner join signature_count as c on p.id = c.petition_id
where
    p.id = :petition_id::bigint
    and (p.stage in ('open', 'closed', 'rejected', 'removed') or (p.stage = 'withdrawn' and p.opened_at is not null));

-- name: petition_thresholds_public
-- The thresholds of one petition, in the order of its procedure. Index: threshold_pkey.
select
    t.code, t.effect, t.moment, t.required, t.committee_slug, t.reached_at
from
    threshold as t
where
    t.petition_id = :petition_id::bigint
order by
    t.number;

-- name: petition_names_public
-- The signatories who chose to show their name, newest first. Index: signature_shown_idx.
select
    s.email_index, s.contact, p.data_key, p.salt
from
    signature as s
inner join petition as p on s.petition_id = p.id
where
    s.petition_id = :petition_id::bigint
    and s.show_name
    and s.contact is not null
    and p.data_key is not null
order by
    s.confirmed_at desc, s.number desc
limit :most::integer;

-- name: petition_events_public
-- The public events of one petition, in order. Index: event_pkey.
select
    e.id, e.occurred_at, e.kind, e.actor, e.data, e.facts_version
from
    event as e
where
    e.petition_id = :petition_id::bigint
    and e.public
order by
    e.id;

-- name: petition_growth
-- How many signatures were gained (and taken back) on each day, by the clock of a time zone. Index: signature_hour_pkey.
select
    (h.hour at time zone :timezone::text)::date as day,
    sum(h.confirmed - h.withdrawn)::bigint as gained
from
    signature_hour as h
where
    h.petition_id = :petition_id::bigint
group by
    day
order by
    day;
