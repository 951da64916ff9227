#pragma once

#include <cstddef>
#include <cstdint>

#include "logdetect/base/strong_id.h"

namespace logdetect {

using SourceId = StrongId<struct SourceTag, std::uint16_t>;      ///< index into the run's list of source names
using TemplateId = StrongId<struct TemplateTag, std::uint32_t>;  ///< index into the template table
using StreamId = StrongId<struct StreamTag, std::uint32_t>;      ///< host, service or file whose lines belong together
using SessionId = StrongId<struct SessionTag, std::uint64_t>;    ///< hash of a session key's text
using DetectorId = StrongId<struct DetectorTag, std::uint16_t>;  ///< index into the model's detectors

/// Ids of templates that anything is learnt of lie below. An id is given once, so after evictions and updates the ids
/// outnumber the templates that a miner may hold (MinerOptions::kTemplatesRange).
inline constexpr std::size_t kMaxTemplateIds = std::size_t{1} << 24;

}  // namespace logdetect
