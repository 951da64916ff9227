#pragma once

#include <string>
#include <string_view>

#include "parsing/field_list.h"

namespace logdetect {

/// Reads `key=value key="quoted value"` into `out`. Words without '=' belong to the unquoted value before them. False,
/// and `out` is to be thrown away, if the text does not begin with a pair or has fewer than two.
/// Cost: O(|text|). Thread-safe.
bool read_logfmt(std::string_view text, FieldList& out);

}  // namespace logdetect
