#include "parsing/template_io.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace logdetect {
namespace {

constexpr std::uint32_t kTemplatesVersion = 2;  // 2: the index follows
constexpr std::uint8_t kVariableFlag = 1;
constexpr std::uint8_t kManyFormsFlag = 2;
constexpr std::uint8_t kPinnedFlag = 4;
constexpr std::size_t kMaxStoredTokens = 65'535;  // the most that miner.max_tokens allows
constexpr std::size_t kMinTemplateBytes = 17;
constexpr std::size_t kMinTokenBytes = 15;
constexpr std::size_t kMaxTemplates = 10'000'000;

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
  const std::size_t tokens = in.count(kMinTokenBytes, kMaxStoredTokens);
  out.tokens.reserve(tokens);
  for (std::size_t k = 0; k < tokens && in.ok(); ++k) {
    const std::uint8_t kind = in.u8();
    const std::uint8_t mask = in.u8();
    const bool opened = in.u8() != 0;
    const std::uint64_t hash = in.u64();
    const std::string_view text = in.str();
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
  out.u32(kTemplatesVersion);
  out.u64(templates.size());
  for (const Template& t : templates) {
    out.u64(t.count);
    out.u8(static_cast<std::uint8_t>((t.variable ? kVariableFlag : 0U) | (t.many_forms ? kManyFormsFlag : 0U) |
                                     (t.pinned ? kPinnedFlag : 0U)));
    save_tokens(t, out);
  }
}

std::vector<Template> load_templates(ByteReader& in) {
  if (in.u32() != kTemplatesVersion) {
    in.fail("unknown layout of the templates");
  }
  const std::size_t count = in.count(kMinTemplateBytes, kMaxTemplates);
  std::vector<Template> all;
  for (std::size_t i = 0; i < count && in.ok(); ++i) {
    Template t;
    t.count = in.u64();
    const std::uint8_t flags = in.u8();
    t.variable = (flags & kVariableFlag) != 0;
    t.many_forms = (flags & kManyFormsFlag) != 0;
    t.pinned = (flags & kPinnedFlag) != 0;
    load_tokens(in, t);
    all.push_back(std::move(t));
  }
  return all;
}

}  // namespace logdetect
