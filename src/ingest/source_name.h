#pragma once

#include <string>
#include <string_view>

#include "logdetect/ingest/source_entry.h"

namespace logdetect {

/// Takes apart what the user typed; see resolve_inputs(). A name without a scheme of source_table() gets
/// `plain_scheme`. Options are cut off only behind a stated scheme that has some, and only where the text behind the
/// last '?' begins with NAME=, so that paths may hold question marks. Errors: kUsage for an empty word, SCHEME:// with
/// an unknown scheme, and for options.
Result<SourceName> parse_source_name(const std::string& word, std::string_view plain_scheme);

/// "file, directory, stdin": the schemes of one use, for messages.
[[nodiscard]] std::string scheme_list(bool live);

/// The word with its scheme put right ("follow:app.log" for "folow:app.log"), if one is near; else empty.
[[nodiscard]] std::string with_nearest_scheme(const std::string& word);

}  // namespace logdetect
