-- Printed dossiers and posters: what was asked for, what the worker makes, and what was made.

-- name: print_request!
-- Ask for a print; nothing happens where one is waited for already. Index: dossier_print_waiting_key.
insert into dossier_print (petition_id, edition, language, state, requested_at, requested_by)
values (
    :petition_id::bigint, :edition::text, :language::text, 'waiting', :now::timestamptz, :staff_id::bigint
)
on conflict (petition_id, edition, language) where state = 'waiting' do nothing;

-- name: print_lease^
-- Take the print that waits longest, until a moment: who dies in between leaves it to be taken again. Locks the row,
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
-- A print was made: it takes the place of what was made or failed before. Only for who holds the lease. Index:
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
-- A print could not be made: it is tried again at a moment, or given up. Index: dossier_print_pkey.
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
-- Forget what was printed of a petition: it holds words that may be kept nowhere. Who makes one now made it of the old
-- words: the lease is taken away, and it is made anew. Index: dossier_print_pkey.
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
-- What was asked for and made of a petition, the newest last. Index: dossier_print_pkey.
select
    p.id, p.edition, p.language, p.state, p.requested_at, p.facts_hash, p.made_at, p.sha256, p.size, p.pages, p.problem
from
    dossier_print as p
where
    p.petition_id = :petition_id::bigint
order by
    p.id;
