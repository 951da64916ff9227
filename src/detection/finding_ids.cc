#include "logdetect/detection/finding_ids.h"

#include <utility>

#include "logdetect/base/hash.h"

namespace logdetect {
namespace {

// 48 bits: of a million findings two have the same id with a chance of 0.2 %.
constexpr int kDigits = 12;
constexpr std::uint64_t kIncidentSeed = 1;

}  // namespace

std::string FindingIds::next(const FindingFacts& facts) {
  std::uint64_t hash = hash64(facts.stream, static_cast<std::uint64_t>(facts.kind));
  hash = hash64(facts.template_text, hash_mix(hash, static_cast<std::uint64_t>(facts.time)));
  hash = hash64(facts.session, hash);
  auto known = recent_->by_hash.find(hash);
  if (known == recent_->by_hash.end()) {
    const auto before = older_->by_hash.find(hash);
    const std::uint32_t ordinal = before == older_->by_hash.end() ? 0 : before->second;
    if (recent_->by_hash.size() >= kRemembered) {
      older_ = std::exchange(recent_, std::make_unique<Ordinals>());
      recent_->by_hash.reserve(kRemembered);
    }
    known = recent_->by_hash.emplace(hash, ordinal).first;
  }
  return "F-" + to_hex(hash_mix(hash, known->second++), kDigits);
}

std::string incident_id(const Finding& first) {
  return "I-" + to_hex(hash64(first.id, kIncidentSeed), kDigits);
}

}  // namespace logdetect
