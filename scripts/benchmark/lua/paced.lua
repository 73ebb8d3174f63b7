-- Signatures at a given rate, whatever the responses: each free connection takes the next moment of one schedule.
dofile(os.getenv("BENCH_LUA") .. "/common.lua")

local ffi = require("ffi")
ffi.cdef [[
   typedef struct { long seconds; long nanoseconds; } bench_time;
   int clock_gettime(int clock, bench_time *time);
]]

local time = ffi.new("bench_time")
local step = 1000 / tonumber(os.getenv("BENCH_RATE"))
local due, next_signature
admitted, shed, retry_after, other, late = 0, 0, 0, 0, 0

local function now()
   ffi.C.clock_gettime(1, time)
   return tonumber(time.seconds) * 1000 + tonumber(time.nanoseconds) / 1e6
end

function init(_)
   step = step * slots
   next_signature = common.signatures()
end

function delay()
   local moment = now()
   due = (due or moment) + step
   if due < moment - 1000 then -- no connection was free for a second: these were never offered
      late = late + math.floor((moment - due) / step)
      due = moment
   end
   return math.max(0, math.floor(due - moment))
end

function request()
   return next_signature()
end

function response(status, headers, _)
   if status == 200 then
      admitted = admitted + 1
   elseif status == 503 then
      shed = shed + 1
      if headers["retry-after"] or headers["Retry-After"] then
         retry_after = retry_after + 1
      end
   else
      other = other + 1
   end
end
