-- Mail: the outbox is leased, sent and settled; events become mails; reminders are sent, and old data is deleted.

-- name: outbox_lease
-- Lease the next mails until a moment: no other worker gets them before. If a worker crashes, its rows are retried with
-- the same Message-ID. Locks the rows, skipping those of another worker. Index: outbox_waiting_idx.
with next_rows as (
    select o.id
    from outbox as o
    where
        o.state = 'waiting'
        and o.next_at <= :now::timestamptz
    order by
        o.priority, o.next_at, o.id
    limit :most::integer
    for update skip locked
)
update outbox as o
set
    next_at = :until::timestamptz,
    attempts = o.attempts + 1
from
    next_rows as n
where
    o.id = n.id
returning o.id, o.attempts;

-- name: outbox_renew
-- Extend the lease of the rows that are still ours: a row with exactly that moment is ours, because another worker that
-- leased it has set a later one. Returns the rows that are ours. Index: outbox_pkey.
update outbox as o
set
    next_at = :until::timestamptz
where
    o.id = any(:ids::bigint[])
    and o.sent_at is null
    and o.next_at = :held_until::timestamptz
returning o.id;

-- name: outbox_facts
-- The facts that are needed to write the leased mails: each row with its petition and recipient. Indexes: primary keys,
-- pending_signature_token_key, signature_token_key.
select
    o.id, o.kind, o.petition_id, o.token_id, o.event_id, o.secret, o.created_at,
    p.title, p.text_hidden or p.stage = 'removed' as hidden, p.language as petition_language, p.stage,
    p.procedure_code, p.procedure_version, p.data_key, p.salt,
    p.manage_key, p.initiator_contact, p.initiator_index, p.initiator_name,
    coalesce(w.contact, s.contact) as contact,
    coalesce(w.email_index, s.email_index) as email_index,
    coalesce(w.language, s.language) as signatory_language,
    coalesce(w.kind, s.kind) as signatory_kind,
    w.token_id is not null as is_waiting,
    coalesce(s.wants_news, false) as wants_news,
    t.email as staff_email, t.name as staff_name, t.language as staff_language
from
    outbox as o
left join petition as p on o.petition_id = p.id
left join pending_signature as w on o.petition_id = w.petition_id and o.token_id = w.token_id
left join signature as s on o.petition_id = s.petition_id and o.token_id = s.token_id
left join staff as t on o.staff_id = t.id
where
    o.id = any(:ids::bigint[])
order by
    o.priority, o.id;

-- name: outbox_events
-- The events of the leased mails, each once; `written` is their data as text, for comparison. Index: event_pkey.
select
    e.petition_id, e.id, e.kind, e.data, e.data::text as written, e.occurred_at
from
    event as e
where
    (e.petition_id, e.id) in (
        select a.petition_id, a.event_id
        from unnest(:petition_ids::bigint[], :event_ids::bigint[]) as a (petition_id, event_id)
    );

-- name: outbox_settle!
-- Settle mails: sent, dropped or failed for good (a sealed secret is emptied), or waiting for another attempt at
-- `next_at`; `counted` says whether the attempt counts (it does not when the server was away). A row that another worker
-- has leased since, because our lease ran out, is not set to waiting again; "sent" is kept. Waiting rows are found by
-- `sent_at`, not by `state`, so that the planner does not choose outbox_waiting_idx. Index: outbox_pkey.
update outbox as o
set
    state = d.state,
    sent_at = case when d.state <> 'waiting' then :now::timestamptz end,
    secret = case when d.state = 'waiting' then o.secret end,
    problem = d.problem,
    next_at = case when d.state = 'waiting' then d.next_at else o.next_at end,
    attempts = o.attempts - (not d.counted)::integer
from
    unnest(
        :ids::bigint[], :states::text[], :problems::text[], :next_ats::timestamptz[], :counts::boolean[]
    ) as d (id, state, problem, next_at, counted)
where
    o.id = d.id
    and o.sent_at is null
    and (d.state <> 'waiting' or o.next_at = :held_until::timestamptz);

-- name: event_tell!
-- Queue the mails about one event to the initiator and to the clerks of the committee concerned, and the row from which
-- followers are notified. Once per event and recipient by construction. Indexes: outbox_told_key,
-- outbox_followers_key.
with to_initiator as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'initiator', 3, :petition_id::bigint, :event_id::bigint, :now::timestamptz, :now::timestamptz
    where :to_initiator::boolean
    on conflict do nothing
),
to_followers as (
    insert into outbox (kind, priority, petition_id, event_id, created_at, next_at)
    select 'event_followers', 6, e.petition_id, e.id, :now::timestamptz, :now::timestamptz
    from event as e
    where
        e.petition_id = :petition_id::bigint
        and e.id = :event_id::bigint
        and e.public
    on conflict do nothing
)
insert into outbox (kind, priority, petition_id, event_id, staff_id, created_at, next_at)
select 'clerk', 2, :petition_id::bigint, :event_id::bigint, m.staff_id, :now::timestamptz, :now::timestamptz
from
    staff_committee as m
inner join staff as t on m.staff_id = t.id
where
    m.committee_slug = :committee::text
    and m.role = 'clerk'
    and t.active
on conflict do nothing;

-- name: event_tell_signatories^
-- Queue the mails about one event to the next signatories who asked for news, in the order of their random keys. The row
-- of the event keeps the last key in `token_id`, in the same commit, so that after a crash the work continues there; a
-- row that another worker has advanced in the meantime is left alone. Once per event and recipient by construction. When
-- nobody is left, the row is done; else it waits until `next_at` for its next turn.
-- Locks the event's row of the outbox first. Indexes: outbox_pkey, signature_news_idx, outbox_news_key.
with telling as (
    select
        o.id, o.petition_id, o.event_id, o.token_id
    from
        outbox as o
    where
        o.id = :id::bigint
        and o.sent_at is null
        and o.token_id is not distinct from :after::bytea
    for update
),
told as (
    select
        s.petition_id, s.token_id, g.event_id
    from
        telling as g
    inner join signature as s on g.petition_id = s.petition_id
    where
        s.petition_id = :petition_id::bigint
        and :to_signatories::boolean
        and s.wants_news
        and s.token_id > coalesce(:after::bytea, ''::bytea)
    order by
        s.token_id
    limit :most::integer
),
made as (
    insert into outbox (kind, priority, petition_id, event_id, token_id, created_at, next_at)
    select 'news', 6, d.petition_id, d.event_id, d.token_id, :now::timestamptz, :now::timestamptz
    from told as d
    on conflict do nothing
),
reached as (
    select
        (select count(*) from told) < :most::integer as is_done,
        (select d.token_id from told as d order by d.token_id desc limit 1) as token_id
)
update outbox as o
set
    state = case when r.is_done then 'sent' else 'waiting' end,
    sent_at = case when r.is_done then :now::timestamptz end,
    token_id = coalesce(r.token_id, o.token_id),
    next_at = :next_at::timestamptz,
    attempts = 0
from
    telling as g
cross join reached as r
where
    o.id = g.id
returning o.token_id, r.is_done;

-- name: reminders_queue$
-- Queue the one reminder for the next signatures that have been pending longer than the procedure says, at most `most`
-- of them in one commit; returns how many. Index: pending_signature_reminder_idx.
with due as (
    select
        w.petition_id, w.email_index
    from
        pending_signature as w
    inner join petition as p on w.petition_id = p.id
    where
        w.reminded_at is null
        and w.signed_at <= :now::timestamptz - p.remind_after
        and w.signed_at > :now::timestamptz - p.forget_after
        and p.stage in ('sponsoring', 'moderation', 'open')
    order by
        w.signed_at
    limit :most::integer
    for update of w skip locked
),
reminded as (
    update pending_signature as w
    set
        reminded_at = :now::timestamptz
    from
        due as d
    where
        w.petition_id = d.petition_id
        and w.email_index = d.email_index
    returning w.petition_id, w.token_id
),
queued as (
    insert into outbox (kind, priority, petition_id, token_id, created_at, next_at)
    select 'reminder', 4, r.petition_id, r.token_id, :now::timestamptz, :now::timestamptz
    from reminded as r
    returning id
)
select count(*) from queued;

-- name: pending_signatures_forget$
-- Delete the next signatures that were not confirmed within the days that the procedure sets, at most `most` of them in
-- one commit; returns how many. Index: none (a scan that ends early).
with over as (
    select
        w.petition_id, w.email_index
    from
        pending_signature as w
    inner join petition as p on w.petition_id = p.id
    where
        w.signed_at <= :now::timestamptz - p.forget_after
    order by
        w.signed_at
    limit :most::integer
    for update of w skip locked
),
gone as (
    delete from pending_signature as w
    using over as o
    where
        w.petition_id = o.petition_id
        and w.email_index = o.email_index
    returning w.petition_id
)
select count(*) from gone;

-- name: outbox_forget$
-- Delete old settled rows of the outbox among the `most` oldest; returns how many. Index: outbox_pkey, whose order is
-- chronological.
with oldest as (
    select
        o.id, o.sent_at
    from
        outbox as o
    where
        o.state <> 'waiting'
    order by
        o.id
    limit :most::integer
),
gone as (
    delete from outbox as o
    using oldest as a
    where
        o.id = a.id
        and a.sent_at < :now::timestamptz - interval '30 days'
    returning o.id
)
select count(*) from gone;

-- name: staff_traces_forget!
-- Delete expired sign-in links and sessions.
with links as (
    delete from staff_login where expires_at < :now::timestamptz - interval '1 day'
)
delete from staff_session
where expires_at < :now::timestamptz;

-- name: petitions_ended
-- Ended petitions that still have personal data of signatories, with the day of their last decision, for retention.
select
    p.id, p.procedure_code, p.procedure_version, p.stage, p.timezone, p.closed_at, p.ended_at,
    greatest(
        (select max(r.decided_at) from referral as r where r.petition_id = p.id),
        (select max(o.decided_at) from objection as o where o.petition_id = p.id)
    ) as decided_at,
    exists (
        select 1 from referral as r
        where r.petition_id = p.id and r.state not in ('inadmissible', 'decided', 'concluded')
    )
    or exists (
        select 1 from objection as o
        where o.petition_id = p.id and o.outcome is null
    ) as handling
from
    petition as p
where
    p.stage in ('closed', 'rejected', 'withdrawn', 'removed')
    and p.forgotten_at is null
order by
    p.id;

-- name: signatures_empty^
-- Erase the personal data of the next signatures of a petition past its retention period, in the order of their keys, at
-- most `most` of them in one commit; returns how many there were, and the last key. Index: signature_pkey.
with next_rows as (
    select
        s.petition_id, s.email_index
    from
        signature as s
    where
        s.petition_id = :petition_id::bigint
        and s.email_index > :after::bytea
    order by
        s.email_index
    limit :most::integer
    for update
),
emptied as (
    update signature as s
    set
        contact = null,
        show_name = false,
        wants_news = false
    from
        next_rows as n
    where
        s.petition_id = n.petition_id
        and s.email_index = n.email_index
        and s.contact is not null
    returning s.petition_id
)
select
    (select count(*) from next_rows) as looked_at,
    (select count(*) from emptied) as emptied,
    (select n.email_index from next_rows as n order by n.email_index desc limit 1) as last_index;

-- name: petition_forget!
-- Erase the rest of a petition's personal data: the contact of its initiator, the text of an objection, signatures that
-- were never confirmed, and the key that protects all of it, in back-ups too.
with waiting as (
    delete from pending_signature as w where w.petition_id = :petition_id::bigint
),
silenced as (
    update objection as o
    set
        text = ''
    where
        o.petition_id = :petition_id::bigint
)
update petition
set
    data_key = null,
    initiator_contact = null,
    forgotten_at = :now::timestamptz
where
    id = :petition_id::bigint;

-- name: heartbeat_beat!
-- Record the heartbeat of a process. Index: heartbeat_pkey.
insert into heartbeat (name, beat_at)
values (:name::text, :now::timestamptz)
on conflict (name) do update set beat_at = excluded.beat_at;

-- name: counts_check
-- Recount everything from the rows: petitions whose counter, tally and rows differ. Empty when there are none.
with rows_of as (
    select
        s.petition_id,
        count(*) as confirmed,
        count(*) filter (where s.kind = 'sponsor') as sponsors
    from signature as s
    group by s.petition_id
),
tally_of as (
    select h.petition_id, sum(h.confirmed - h.withdrawn) as confirmed
    from signature_hour as h
    group by h.petition_id
),
paper_of as (
    select b.petition_id, sum(b.accepted) as accepted
    from paper_batch as b
    where b.state = 'confirmed'
    group by b.petition_id
)
select
    c.petition_id,
    c.confirmed as counter,
    coalesce(r.confirmed, 0) as rows_confirmed,
    coalesce(t.confirmed, 0) as tally,
    c.sponsors as counter_sponsors,
    coalesce(r.sponsors, 0) as rows_sponsors,
    c.paper as counter_paper,
    coalesce(b.accepted, 0) as batches_paper
from
    signature_count as c
left join rows_of as r on c.petition_id = r.petition_id
left join tally_of as t on c.petition_id = t.petition_id
left join paper_of as b on c.petition_id = b.petition_id
where
    c.confirmed <> coalesce(r.confirmed, 0)
    or c.paper <> coalesce(b.accepted, 0)
    or c.confirmed <> coalesce(t.confirmed, 0)
    or c.sponsors <> coalesce(r.sponsors, 0);

-- name: crossings_check
-- Thresholds whose number was reached but not recorded, or that were reached without the referral that must follow.
select
    t.petition_id,
    t.code
from
    threshold as t
inner join signature_count as c on t.petition_id = c.petition_id
left join referral as r on t.petition_id = r.petition_id and t.code = r.threshold_code
where
    threshold_is_crossed_v1(t.reached_at, t.moment, t.required, c.confirmed + c.paper_added, 'count')
    or (t.reached_at is not null and t.effect <> 'publish' and r.id is null);
