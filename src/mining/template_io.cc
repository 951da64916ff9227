#include "mining/template_io.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace logdetect {
namespace {

constexpr std::uint32_t kTemplatesVersion = 2;  // 2: the index follows
constexpr std::uint32_t kWithHusks = 3;         // 3: ids whose templates are gone
// Flags of a template (docs/model-format.md).
constexpr std::uint8_t kVariableFlag = 1;
constexpr std::uint8_t kManyFormsFlag = 2;
constexpr std::uint8_t kPinnedFlag = 4;
constexpr std::uint8_t kHuskFlag = 8;

constexpr std::uint32_t kNowhere = 0xFFFFFFFF;
constexpr std::size_t kMinTemplateBytes = 17;
constexpr std::size_t kMinTokenBytes = 15;

void save_tokens(const Template& of, ByteWriter& out) {
  out.u64(of.tokens.size());
  for (const TemplateToken& token : of.tokens) {
    out.u8(static_cast<std::uint8_t>(token.kind));
    out.u8(static_cast<std::uint8_t>(token.mask));
    out.u8(token.opened ? 1 : 0);
    out.u64(token.hash);
    out.str(token.text);
  }
}

void load_tokens(ByteReader& in, Template& out) {
  const std::size_t tokens = in.count(kMinTokenBytes, MinerOptions::kTokensRange.most);
  out.tokens.reserve(tokens);
  for (std::size_t k = 0; k < tokens && in.ok(); ++k) {
    const std::uint8_t kind = in.u8();
    const std::uint8_t mask = in.u8();
    const bool opened = in.u8() != 0;
    const std::uint64_t hash = in.u64();
    const std::string_view text = in.str();
    // kind 0 is a delimiter, whose first byte is looked at.
    if (kind > static_cast<std::uint8_t>(Token::Kind::kValue) || mask > static_cast<std::uint8_t>(MaskKind::kUnit) ||
        (kind == 0 && text.empty())) {
      in.fail("a template token is malformed");
      return;
    }
    out.tokens.push_back(
        {std::string(text), hash, static_cast<Token::Kind>(kind), static_cast<MaskKind>(mask), opened});
  }
  out.refresh();
}

}  // namespace

void save_templates(const std::vector<Template>& templates, ByteWriter& out) {
  const bool husks = std::any_of(templates.begin(), templates.end(), [](const Template& t) { return !t.live; });
  out.u32(husks ? kWithHusks : kTemplatesVersion);
  out.u64(templates.size());
  for (const Template& t : templates) {
    if (!t.live) {
      out.u64(0);
      out.u8(kHuskFlag);
      out.u64(t.parent);
      continue;
    }
    out.u64(t.count);
    out.u8(static_cast<std::uint8_t>((t.variable ? kVariableFlag : 0U) | (t.many_forms ? kManyFormsFlag : 0U) |
                                     (t.pinned ? kPinnedFlag : 0U)));
    save_tokens(t, out);
  }
}

std::vector<Template> load_templates(ByteReader& in) {
  const std::uint32_t version = in.u32();
  if (version != kTemplatesVersion && version != kWithHusks) {
    in.fail("unknown layout of the templates");
  }
  const std::size_t count = in.count(kMinTemplateBytes, MinerOptions::kTemplatesRange.most);
  constexpr std::size_t kReserved = 65'536;  // no more on the word of a file
  std::vector<Template> all;
  all.reserve(std::min(count, kReserved));
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    Template t;
    t.count = in.u64();
    const std::uint8_t flags = in.u8();
    if (version == kWithHusks && flags == kHuskFlag) {
      const std::uint64_t parent = in.u64();
      if (parent != kNowhere && parent >= count) {
        in.fail("a merged template leads to none");
      }
      all.push_back(husk(static_cast<std::uint32_t>(parent)));
      continue;
    }
    t.variable = (flags & kVariableFlag) != 0;
    t.many_forms = (flags & kManyFormsFlag) != 0;
    t.pinned = (flags & kPinnedFlag) != 0;
    load_tokens(in, t);
    all.push_back(std::move(t));
  }
  // One step from a husk to a live template: never a circle.
  if (std::any_of(all.begin(), all.end(), [&](const Template& t) {
        return !t.live && t.parent != kNowhere && !(t.parent < all.size() && all[t.parent].live);
      })) {
    in.fail("a merged template leads to none");
  }
  return all;
}

}  // namespace logdetect
