# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
module Zmqlog
  # Version of this gem.
  VERSION = "1.1.0"
end
