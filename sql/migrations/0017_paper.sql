-- Signatures on paper: numbered sheets, counted in batches by two people, shown apart from those given here.

alter table signature_count
add column paper bigint not null default 0,
add column paper_added bigint not null default 0,
add constraint signature_count_paper_check check (paper >= 0 and paper_added in (0, paper));
comment on column signature_count.paper is
'Accepted on paper, in batches that two people counted. Never part of confirmed.';
comment on column signature_count.paper_added is
'Those of them that count toward thresholds: all where the procedure says so, else none.';

create table sheet (
    petition_id bigint not null references petition (id),
    number integer not null,
    issued_at timestamptz not null,
    batch_number integer,
    constraint sheet_pkey primary key (petition_id, number)
);
comment on table sheet is 'Numbered sheets that were printed; each is counted once. Names on a sheet stand on paper only.';

create table paper_batch (
    petition_id bigint not null references petition (id),
    number integer not null,
    sheets integer not null,
    accepted integer not null,
    refused integer not null,
    scan_hash bytea not null,
    note text,
    state text not null,
    counted_by bigint not null references staff (id),
    counted_at timestamptz not null,
    decided_by bigint references staff (id),
    decided_at timestamptz,
    reason text,
    constraint paper_batch_pkey primary key (petition_id, number),
    constraint paper_batch_state_check check (state in ('waiting', 'confirmed', 'returned')),
    constraint paper_batch_numbers_check check (sheets > 0 and accepted >= 0 and refused >= 0 and accepted + refused > 0),
    constraint paper_batch_scan_check check (octet_length(scan_hash) = 32),
    constraint paper_batch_decided_check check ((state = 'waiting') = (decided_by is null and decided_at is null)),
    constraint paper_batch_second_check check (state <> 'confirmed' or decided_by <> counted_by),
    constraint paper_batch_returned_check check (state <> 'returned' or reason is not null)
);
comment on table paper_batch is
'Returned sheets as one person counted them; they count when a second person comes to the same numbers.';
comment on column paper_batch.scan_hash is
'SHA-256 of the scan, which the body keeps: it proves later which sheets were counted. The scan itself is not stored here.';
create index paper_batch_waiting_idx on paper_batch (counted_at) where state = 'waiting';
alter table sheet
add constraint sheet_batch_fkey foreign key (petition_id, batch_number) references paper_batch (petition_id, number);
