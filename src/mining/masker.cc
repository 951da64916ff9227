#include "logdetect/mining/masker.h"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <string>

#include "logdetect/base/hash.h"
#include "logdetect/parsing/extra_pairs.h"
#include "mining/pinned_templates.h"
#include "mining/shape_memo.h"
#include "mining/template_key.h"
#include "mining/token_scanner.h"

namespace logdetect {
namespace {

constexpr std::int64_t kPatternBytes = 8 << 20;
constexpr std::size_t kMaxCustomMatches = 256;  // per message
constexpr std::uint64_t kMaxMessageBytes = std::numeric_limits<std::uint32_t>::max();

constexpr std::size_t kMaxExtras = 64;

// What the value of a pair is, if it is one value.
MaskKind kind_of_value(const std::vector<Token>& tokens) {
  const bool united = tokens.size() == 3 && tokens[2].mask == MaskKind::kUnit;
  return tokens.size() == 1 || united ? tokens.front().mask : MaskKind::kNone;
}

// Tells maskers apart: what one made of a message says nothing about another's.
std::uint64_t next_masker_id() {
  static std::atomic<std::uint64_t> last{0};
  return ++last;
}

}  // namespace

MaskedMessage::MaskedMessage() = default;
MaskedMessage::~MaskedMessage() = default;
MaskedMessage::MaskedMessage(MaskedMessage&&) noexcept = default;
MaskedMessage& MaskedMessage::operator=(MaskedMessage&&) noexcept = default;

struct Masker::Impl {
  ScanRules rules;
  PinnedTemplates pinned;
  std::uint64_t id = next_masker_id();
  std::vector<std::unique_ptr<re2::RE2>> patterns;

  // Finds the user's matches, earlier patterns first, as sorted disjoint begin, end and number of the mask.
  void find_custom(std::string_view text, std::vector<std::uint32_t>& spans) const {
    spans.clear();
    std::vector<std::array<std::uint32_t, 3>> found;
    for (std::uint32_t mask = 0; mask < patterns.size(); ++mask) {
      const auto& pattern = patterns[mask];
      re2::StringPiece match;
      std::size_t at = 0;
      while (at < text.size() && found.size() < kMaxCustomMatches &&
             pattern->Match({text.data(), text.size()}, at, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
        const auto begin = static_cast<std::size_t>(match.data() - text.data());
        const std::size_t end = begin + match.size();
        // An empty match must not stop the search where it stands.
        at = std::max(end, begin + 1);
        const bool overlaps = std::any_of(found.begin(), found.end(),
                                          [&](const auto& other) { return begin < other[1] && other[0] < end; });
        if (end > begin && !overlaps) {
          found.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end), mask});
        }
      }
    }
    std::sort(found.begin(), found.end());
    for (const auto& span : found) {
      spans.insert(spans.end(), span.begin(), span.end());
    }
  }
};

void MaskedMessage::take_memory(MaskedMessage& earlier) {
  if (this != &earlier) {
    std::swap(memo, earlier.memo);
    std::swap(memo_owner, earlier.memo_owner);
  }
}

Masker::Masker(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Masker::~Masker() = default;
Masker::Masker(Masker&&) noexcept = default;
Masker& Masker::operator=(Masker&&) noexcept = default;

Result<Masker> Masker::create(const MinerOptions& options) {
  auto impl = std::make_unique<Impl>();
  impl->rules.max_tokens = std::max<std::size_t>(options.max_tokens, 2);
  if (options.masks.size() > MinerOptions::kMaxMasks) {
    return make_error(ErrorCode::kConfig, "more than " + std::to_string(MinerOptions::kMaxMasks) + " masks",
                      "miner.masks", "join some of them with '|'");
  }
  for (const CustomMask& mask : options.masks) {
    re2::RE2::Options flags;
    flags.set_max_mem(kPatternBytes);
    flags.set_log_errors(false);
    flags.set_encoding(re2::RE2::Options::EncodingLatin1);  // bytes, so that no input is ill-formed
    auto pattern = std::make_unique<re2::RE2>(re2::StringPiece(mask.pattern.data(), mask.pattern.size()), flags);
    if (!pattern->ok()) {
      return make_error(ErrorCode::kConfig, "mask \"" + mask.name + "\" is no valid RE2 pattern: " + pattern->error(),
                        "miner.masks", "RE2 has no look-around and no back-references");
    }
    impl->patterns.push_back(std::move(pattern));
    impl->rules.names.push_back({hash64(mask.name), mask.name});
  }
  impl->rules.quoted_values = options.quoted_values;
  LD_ASSIGN(impl->pinned, PinnedTemplates::create(options.templates));
  const auto& names = impl->pinned.names();
  impl->rules.names.insert(impl->rules.names.end(), names.begin(), names.end());
  return Masker(std::move(impl));
}

void Masker::mask(std::string_view message, MaskedMessage& out) const {
  // A user's pattern may look at any byte, so that no two messages are alike.
  const bool memorable = impl_->patterns.empty() && impl_->pinned.empty();
  // A message that served another masker remembers that one's cuts.
  if (memorable && out.memo_owner != impl_->id) {
    out.memo = std::make_unique<ShapeMemo>();
    out.memo_owner = impl_->id;
  }
  out.scratch.clear();
  out.extras.clear();
  out.pinned = false;
  out.names = impl_->rules.names;
  if (memorable && out.memo->recall(message, out)) {
    return;
  }
  out.text = message.substr(0, std::min<std::size_t>(message.size(), kMaxMessageBytes));
  out.tokens.clear();
  out.pinned = !impl_->pinned.empty() && impl_->pinned.match(out.text, out.tokens);
  if (!out.pinned) {
    if (!impl_->patterns.empty()) {
      impl_->find_custom(out.text, out.scratch);
    }
    scan_tokens(out, impl_->rules);
  }
  out.key = make_key(out.tokens);
  if (memorable) {
    out.memo->offer(out);
  }
}

void Masker::mask(std::string_view message, std::size_t extra_bytes, MaskedMessage& out) const {
  extra_bytes = std::min(extra_bytes, message.size());
  mask(message.substr(0, message.size() - extra_bytes), out);
  if (extra_bytes == 0) {
    return;
  }
  if (!out.value) {
    out.value = std::make_unique<MaskedMessage>();
  }
  std::string_view rest = message.substr(message.size() - extra_bytes);
  ExtraPair pair;
  while (out.extras.size() < kMaxExtras && take_pair(rest, pair)) {
    out.value->text = pair.text.substr(pair.name_bytes);
    out.value->tokens.clear();
    scan_tokens(*out.value, impl_->rules);
    out.extras.push_back({pair.text, kind_of_value(out.value->tokens),
                          static_cast<std::uint16_t>(std::min<std::size_t>(pair.name_bytes, 0xFFFF))});
  }
}

}  // namespace logdetect
