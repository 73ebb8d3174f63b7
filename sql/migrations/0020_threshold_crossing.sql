-- When a threshold is crossed: one rule for the statement that counts signatures and for opening, closing and paper.

create function threshold_is_crossed_v1(
    reached_at timestamptz, moment text, required bigint, supported bigint, at_moment text
) returns boolean
language sql immutable parallel safe
return reached_at is null and case when required is null then moment = at_moment else required <= supported end;
comment on function threshold_is_crossed_v1(timestamptz, text, bigint, bigint, text) is
'Whether a threshold is crossed, once and for all: a number whenever it is there, a moment (opening, closing) when it comes.';
