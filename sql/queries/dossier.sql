-- Printed dossiers and posters: what was asked for, what the worker makes, and what was made.

-- name: print_request!
-- Request a print; does nothing where one is pending already. Index: dossier_print_waiting_key.
insert into dossier_print (petition_id, edition, language, state, requested_at, requested_by)
values (
    :petition_id::bigint, :edition::text, :language::text, 'waiting', :now::timestamptz, :staff_id::bigint
)
on conflict (petition_id, edition, language) where state = 'waiting' do nothing;

-- name: print_lease^
-- Lease the print that has waited longest, until a moment; if a worker crashes, its print is retried. Locks the row,
-- skipping those of another worker. Index: dossier_print_queue_idx.
-- one of few words: edition
with next_row as (
    select p.petition_id, p.id
    from dossier_print as p
    where
        p.state = 'waiting'
        and (p.leased_until is null or p.leased_until < :now::timestamptz)
    order by
        p.requested_at
    limit 1
    for update skip locked
)
update dossier_print as p
set
    leased_until = :until::timestamptz,
    attempts = p.attempts + 1
from
    next_row as n
where
    p.petition_id = n.petition_id
    and p.id = n.id
returning p.petition_id, p.id, p.edition, p.language, p.attempts;

-- name: print_made$
-- Store a finished print, which replaces the earlier print or failure. Only for the holder of the lease. Index:
-- dossier_print_pkey.
with made as (
    update dossier_print
    set
        state = 'made',
        leased_until = null,
        facts_hash = :facts_hash::text,
        made_at = :made_at::timestamptz,
        sha256 = :sha256::text,
        size = :size::integer,
        pages = :pages::integer
    where
        petition_id = :petition_id::bigint
        and id = :id::bigint
        and state = 'waiting'
        and leased_until = :held_until::timestamptz
    returning petition_id, id, edition, language
),
old as (
    delete from dossier_print as p
    using made as m
    where
        p.petition_id = m.petition_id
        and p.id <> m.id
        and p.edition = m.edition
        and p.language = m.language
    returning p.id
)
select
    m.id,
    (select count(*) from old) as replaced
from made as m;

-- name: print_failed!
-- Record a failed print: it is retried at a moment, or given up. Index: dossier_print_pkey.
update dossier_print
set
    state = case when :again_at::timestamptz is null then 'failed' else 'waiting' end,
    leased_until = :again_at::timestamptz,
    problem = :problem::text
where
    petition_id = :petition_id::bigint
    and id = :id::bigint
    and state = 'waiting'
    and leased_until = :held_until::timestamptz;

-- name: prints_forget!
-- Delete the prints of a petition, because they contain words that must not be kept. A print in progress uses the old
-- words: its lease is revoked, and it is made again. Index: dossier_print_pkey.
with waiting as (
    update dossier_print
    set
        leased_until = null
    where
        petition_id = :petition_id::bigint
        and state = 'waiting'
)
delete from dossier_print
where
    petition_id = :petition_id::bigint
    and state <> 'waiting';

-- name: prints_of_petition
-- The requested and finished prints of a petition, the newest last. Index: dossier_print_pkey.
select
    p.id, p.edition, p.language, p.state, p.requested_at, p.facts_hash, p.made_at, p.sha256, p.size, p.pages, p.problem
from
    dossier_print as p
where
    p.petition_id = :petition_id::bigint
order by
    p.id;
