#pragma once

#include <vector>

#include "logdetect/mining/masker.h"
#include "mining/template.h"

namespace logdetect {

/// The templates of two sets, those with the same exact key folded into one, in an order that depends on what they are
/// and not on where they come from: the most general first, so that what is a case of another finds it there.
/// O(n log n) comparisons.
[[nodiscard]] std::vector<Template> canonical_union(std::vector<Template> a, const std::vector<Template>& b);

/// Sorts for numbering: the most frequent first, then by what they are.
void sort_for_numbering(std::vector<Template>& templates);

/// Lets `into` stand for the messages of `from` too, place by place, and adds the counts. The two have one skeleton.
/// The caller refreshes and indexes `into`.
void fold(Template& into, const Template& from);

/// Lets place `i` of `into` also hold a token of this kind and text.
void generalise(Template& into, std::size_t i, Token::Kind kind, std::uint64_t hash, MaskKind mask);

/// The tokens as those of a message: enough to look the template up.
[[nodiscard]] std::vector<Token> tokens_of(const Template& of);

}  // namespace logdetect
