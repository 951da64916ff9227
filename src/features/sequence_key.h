#pragma once

#include <cstdint>

#include "logdetect/base/hash.h"
#include "logdetect/core/event.h"

namespace logdetect {

/// Which sequence an event continues: that of its session if it has one, else that of its stream; events without
/// either share one.
[[nodiscard]] inline std::uint64_t sequence_key(const Event& event) {
  constexpr std::uint64_t kOfSession = 1;
  constexpr std::uint64_t kOfStream = 2;
  return event.session.valid() ? hash_mix(kOfSession, event.session.value())
                               : hash_mix(kOfStream, event.stream.value());
}

}  // namespace logdetect
