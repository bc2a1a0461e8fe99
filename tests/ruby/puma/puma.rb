# frozen_string_literal: true

# SPDX-License-Identifier: BSD-3-Clause
workers 2
threads 2, 2
preload_app!
quiet
bind "unix://#{ENV.fetch('LISTEN')}"
rackup File.join(__dir__, "config.ru")
