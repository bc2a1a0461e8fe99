-- SPDX-License-Identifier: BSD-3-Clause
-- Runs what a text brings along (its __tostring, its function) and catches only errors
-- that are its own. An error that a hook raised belongs to the program: a time limit by
-- debug.sethook, Ctrl-C in the lua command. What cannot be proved to be the text's own
-- passes. Knows nothing of log calls. Not part of the interface.
local gethook, sethook, getinfo = debug.gethook, debug.sethook, debug.getinfo
local error, getmetatable, setmetatable = error, getmetatable, setmetatable
local rawequal, xpcall, type = rawequal, xpcall, type
local unpack = table.unpack or unpack

-- How far down the stack a hook is looked for; a text that ran out of stack has more.
local DEEPEST = 200

-- Before 5.3 the stack does not tell what a hook called: no proof beside a hook there.
local names_hooks = not rawget(_G, "jit") and _VERSION >= "Lua 5.3"

-- What the message handler returns for an error that must pass: the error in a box.
local outside = {}

-- While a hook runs, no other does; message handlers run before the hook is left. For
-- when there is none set: setting one starts its count anew.
local function is_in_hook()
  local fired = false
  sethook(function() fired = true end, "", 1)
  fired = fired or false
  sethook()
  return not fired
end

-- A hook has a frame, unless it ended by a tail call.
local function has_hook_on_stack()
  if not names_hooks then
    return true
  end
  for level = 3, DEEPEST do
    local info = getinfo(level, "fnt")
    if not info or info.func == xpcall then
      return false
    elseif info.namewhat == "hook" or info.istailcall then
      return true
    end
  end
  return true
end

-- The error that passes now, for log calls around the one that it left first.
local passing

local function judge(err)
  local hook, is_outside = gethook(), true
  if passing ~= nil and rawequal(err, passing) then
    return setmetatable({ err }, outside)
  elseif not hook then
    is_outside = is_in_hook()
  elseif type(hook) == "function" then -- a string stands for a hook in C
    is_outside = has_hook_on_stack()
  end
  passing = is_outside and err or nil
  return is_outside and setmetatable({ err }, outside) or err
end

local function checked(ok, ...)
  if not ok and getmetatable((...)) == outside then
    error((...)[1], 0)
  end
  return ok, ...
end

local guard = {}

--- Like pcall, but errors of hooks pass.
function guard.call(run, ...)
  return checked(xpcall(run, judge, ...))
end

-- Lua 5.1 has no arguments there.
if not select(2, xpcall(function(argument) return argument end, error, true)) then
  function guard.call(run, ...)
    local count, arguments = select("#", ...), { ... }
    return checked(xpcall(function()
      local first, second, third = run(unpack(arguments, 1, count))
      return first, second, third
    end, judge))
  end
end

return guard
