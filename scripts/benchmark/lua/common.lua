-- Shared by all load scripts: the slot of each thread, requests as browsers send them, and figures as one line of JSON.

local threads = {}

function setup(thread)
   thread:set("slot", #threads)
   thread:set("slots", tonumber(os.getenv("BENCH_THREADS") or "1"))
   table.insert(threads, thread)
end

common = {}

local host = os.getenv("BENCH_HOST")
local agent = "User-Agent: Mozilla/5.0 (bench)\r\nAccept-Language: nl,en;q=0.5\r\nAccept-Encoding: gzip, br\r\n"

-- A page, as a browser asks for it.
function common.get(path)
   return "GET " .. path .. " HTTP/1.1\r\nHost: " .. host .. "\r\n" .. agent
      .. "Accept: text/html\r\nSec-Fetch-Site: same-origin\r\n\r\n"
end

-- A same-origin form, as a browser sends it.
function common.post(path, body)
   return common.post_head(path, #body) .. body
end

function common.post_head(path, length)
   return "POST " .. path .. " HTTP/1.1\r\nHost: " .. host .. "\r\n" .. agent
      .. "Accept: text/html\r\nSec-Fetch-Site: same-origin\r\n"
      .. "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: " .. length .. "\r\n\r\n"
end

-- The lines of a file.
function common.lines(name)
   local found = {}
   for line in io.lines(name) do
      table.insert(found, line)
   end
   return found
end

-- A function that makes the next signature: a new address, on the next petition of BENCH_PATHS.
function common.signatures()
   local paths = common.lines(os.getenv("BENCH_PATHS"))
   local before, after = string.match(os.getenv("BENCH_BODY"), "^(.*)@EMAIL@(.*)$")
   local mark = os.getenv("BENCH_MARK") .. "t" .. slot .. "n"
   local domain = "%40voorbeeld.example"
   local length = #before + #mark + 8 + #domain + #after
   local heads = {}
   for number, path in ipairs(paths) do
      heads[number] = common.post_head(path, length) .. before .. mark
   end
   local tail = domain .. after
   local count = 0
   return function()
      count = count + 1
      return heads[count % #heads + 1] .. string.format("%08d", count) .. tail
   end
end

-- Inspecting every response costs wrk time: only on request (--statuses), to see which responses were no success.
if os.getenv("BENCH_STATUSES") then
   answers = {}
   function response(status, _, _)
      local name = "answered_" .. status
      answers[name] = (answers[name] or 0) + 1
   end
end

function done(summary, latency, _)
   local errors = summary.errors
   local extra = ""
   for _, name in ipairs({"admitted", "shed", "retry_after", "other", "late", "signed", "confirmed", "pages"}) do
      local total = nil
      for _, thread in ipairs(threads) do
         local value = thread:get(name)
         if value then
            total = (total or 0) + value
         end
      end
      if total then
         extra = extra .. string.format(', "%s": %d', name, total)
      end
   end
   for _, thread in ipairs(threads) do
      for name, value in pairs(thread:get("answers") or {}) do
         extra = extra .. string.format(', "%s": %d', name, value)
      end
   end
   io.write(string.format(
      'BENCH {"requests": %d, "microseconds": %d, "bytes": %d, "p50": %d, "p99": %d, "max": %d, '
      .. '"status": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d%s}\n',
      summary.requests, summary.duration, summary.bytes,
      latency:percentile(50), latency:percentile(99), latency.max,
      errors.status, errors.connect, errors.read, errors.write, errors.timeout, extra))
end
