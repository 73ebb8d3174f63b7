-- Signatures on paper: sheets are issued, returned and counted by two people.

-- name: paper_about^
-- A petition for work on its paper signatures; the row of its counter is locked, so that numbers of sheets and batches
-- are unique. Indexes: petition_pkey, signature_count_pkey.
select
    p.id, p.procedure_code, p.procedure_version, p.stage, p.language, p.title, p.closed_at, c.paper
from
    signature_count as c
inner join petition as p on c.petition_id = p.id
where
    c.petition_id = :petition_id::bigint
for update of c;

-- name: sheets_issue$
-- Issue the next numbers; returns the last one. The caller holds the row lock of the counter. Index: sheet_pkey.
-- not null: max
with last_one as (
    select coalesce(max(s.number), 0) as number
    from sheet as s
    where s.petition_id = :petition_id::bigint
),
issued as (
    insert into sheet (petition_id, number, issued_at)
    select :petition_id::bigint, l.number + n.place, :now::timestamptz
    from last_one as l
    cross join generate_series(1, :sheets::integer) as n (place)
    returning number
)
select max(i.number)
from issued as i;

-- name: sheets_issued$
-- How many sheets of a petition were printed. Index: sheet_pkey.
select count(*)
from sheet as s
where s.petition_id = :petition_id::bigint;

-- name: sheets_counted
-- Those of these sheets that were never printed or are part of another count. Index: sheet_pkey.
select
    n.number,
    s.number is null as unknown
from
    unnest(:numbers::integer[]) as n (number)
left join sheet as s on s.petition_id = :petition_id::bigint and n.number = s.number
where
    s.number is null
    or s.batch_number is not null
order by
    n.number;

-- name: paper_batch_write$
-- Store a first count with its sheets; returns its number. The caller holds the row lock of the counter. Indexes:
-- paper_batch_pkey, sheet_pkey.
-- always one row
with batch as (
    insert into paper_batch (
        petition_id, number, sheets, accepted, refused, scan_hash, note, state, counted_by, counted_at
    )
    select
        :petition_id::bigint,
        coalesce(max(b.number), 0) + 1,
        cardinality(:numbers::integer[]),
        :accepted::integer,
        :refused::integer,
        :scan_hash::bytea,
        :note::text,
        'waiting',
        :staff_id::bigint,
        :now::timestamptz
    from paper_batch as b
    where b.petition_id = :petition_id::bigint
    returning petition_id, number
)
select b.number
from batch as b;

-- name: sheets_take!
-- Assign sheets to their batch. Index: sheet_pkey.
update sheet
set
    batch_number = :batch::integer
where
    petition_id = :petition_id::bigint
    and number = any(:numbers::integer[])
    and batch_number is null;

-- name: sheets_give_back!
-- Release the sheets of a batch that was returned, so that they can be counted again. Index: sheet_pkey.
update sheet
set
    batch_number = null
where
    petition_id = :petition_id::bigint
    and batch_number = :batch::bigint;

-- name: paper_batch_waiting^
-- A batch that waits for the second person. The caller holds the row lock of the counter. Index: paper_batch_pkey.
select
    b.number, b.sheets, b.accepted, b.refused, b.counted_by
from
    paper_batch as b
where
    b.petition_id = :petition_id::bigint
    and b.number = :batch::bigint
    and b.state = 'waiting';

-- name: paper_batch_decide!
-- Confirm a batch or return it. The caller holds the row lock of the counter. Index: paper_batch_pkey.
update paper_batch
set
    state = :state::text,
    decided_by = :staff_id::bigint,
    decided_at = :now::timestamptz,
    reason = :reason::text
where
    petition_id = :petition_id::bigint
    and number = :batch::integer
    and state = 'waiting';

-- name: paper_add$
-- Add the accepted lines to the counter; returns the sum. The caller holds the row lock. Index: signature_count_pkey.
update signature_count
set
    paper = paper + :accepted::bigint,
    paper_added = paper_added + :added::bigint,
    changed_at = :now::timestamptz
where
    petition_id = :petition_id::bigint
returning paper;

-- name: paper_batches
-- The batches of a petition, newest first, with the people who counted. Index: paper_batch_pkey.
select
    b.number, b.sheets, b.accepted, b.refused, b.scan_hash, b.note, b.state, b.counted_by, b.counted_at, b.decided_at,
    b.reason, f.name as counted_name, d.name as decided_name,
    (
        select array_agg(s.number order by s.number) from sheet as s
        where s.petition_id = b.petition_id and s.batch_number = b.number
    ) as numbers
from
    paper_batch as b
inner join staff as f on b.counted_by = f.id
left join staff as d on b.decided_by = d.id
where
    b.petition_id = :petition_id::bigint
order by
    b.number desc;

-- name: paper_petitions
-- Petitions that collect on paper, those with a pending count first. Indexes: sheet_pkey, paper_batch_pkey.
select
    p.id, p.title, p.language, p.stage, p.procedure_code, p.procedure_version, c.paper, g.issued, g.returned,
    coalesce(w.waiting, 0) as waiting
from
    (
        select s.petition_id, count(*) as issued, count(s.batch_number) as returned
        from sheet as s
        group by s.petition_id
    ) as g
inner join petition as p on g.petition_id = p.id
inner join signature_count as c on p.id = c.petition_id
left join (
    select b.petition_id, count(*) as waiting
    from paper_batch as b
    where b.state = 'waiting'
    group by b.petition_id
) as w on p.id = w.petition_id
where
    p.stage in ('open', 'closed')
order by
    coalesce(w.waiting, 0) desc, p.id desc
limit 200;
