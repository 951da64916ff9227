#include "logdetect/parsing/session_key.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "parsing/pattern.h"

namespace logdetect {
namespace {

constexpr std::size_t kMaxPrefix = 32;  // bytes; a longer one finds nothing sooner

// The text every match begins with: what the smallest and the largest possible match have in common.
std::string literal_prefix(const re2::RE2& pattern) {
  std::string low;
  std::string high;
  if (!pattern.PossibleMatchRange(&low, &high, static_cast<int>(kMaxPrefix))) {
    return {};
  }
  const auto end = std::mismatch(low.begin(), low.end(), high.begin(), high.end()).first;
  return {low.begin(), end};
}

}  // namespace

struct SessionKey::Impl {
  std::unique_ptr<re2::RE2> key;        // null: none
  std::unique_ptr<re2::RE2> delimiter;  // null: none
  std::string prefix;                   // literal text every match of `key` begins with; empty: look everywhere
  int groups = 1;                       // submatches wanted: 2 with a capture group
  double gap_seconds = 0;

  // A match from `at` on, or exactly at `at`.
  [[nodiscard]] std::string_view match(std::string_view record, std::size_t at, re2::RE2::Anchor anchor) const {
    std::array<re2::StringPiece, 2> found;
    if (!key->Match({record.data(), record.size()}, at, record.size(), anchor, found.data(), groups)) {
      return {};
    }
    const re2::StringPiece& piece = groups > 1 && found[1].data() != nullptr ? found[1] : found[0];
    return {piece.data(), std::min(piece.size(), kMaxKeyBytes)};
  }
};

SessionKey::SessionKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SessionKey::~SessionKey() = default;
SessionKey::SessionKey(SessionKey&&) noexcept = default;
SessionKey& SessionKey::operator=(SessionKey&&) noexcept = default;

Result<SessionKey> SessionKey::create(const SessionOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->gap_seconds = options.gap_seconds;
  if (!options.key.empty()) {
    LD_ASSIGN(impl->key, compile_pattern(options.key, "sessions.key"));
    impl->groups = impl->key->NumberOfCapturingGroups() > 0 ? 2 : 1;
    impl->prefix = literal_prefix(*impl->key);
  }
  if (!options.delimiter.empty()) {
    LD_ASSIGN(impl->delimiter, compile_pattern(options.delimiter, "sessions.delimiter"));
  }
  return SessionKey(std::move(impl));
}

bool SessionKey::keyed() const {
  return impl_->key != nullptr;
}

bool SessionKey::cuts() const {
  return impl_->delimiter != nullptr || impl_->gap_seconds > 0;
}

bool SessionKey::active() const {
  return keyed() || cuts();
}

double SessionKey::gap_seconds() const {
  return impl_->gap_seconds;
}

std::string_view SessionKey::find(std::string_view record) const {
  if (impl_->key == nullptr) {
    return {};
  }
  constexpr std::size_t kUsefulPrefix = 2;
  if (impl_->prefix.size() < kUsefulPrefix) {
    return impl_->match(record, 0, re2::RE2::UNANCHORED);
  }
  for (std::size_t at = record.find(impl_->prefix); at != std::string_view::npos;
       at = record.find(impl_->prefix, at + 1)) {
    const std::string_view found = impl_->match(record, at, re2::RE2::ANCHOR_START);
    if (!found.empty()) {
      return found;
    }
  }
  return {};
}

bool SessionKey::begins(std::string_view record) const {
  return impl_->delimiter != nullptr &&
         impl_->delimiter->Match({record.data(), record.size()}, 0, record.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

}  // namespace logdetect
