#pragma once

#include <string>
#include <string_view>

#include "parsing/field_list.h"

namespace logdetect {

// Readers of lines that state their fields in fixed places or as pairs. Each appends what it read to `out`; false, and
// `out` is to be thrown away, if the text is no such line. Cost: O(|text|). Thread-safe.

/// Where an object or a CEF event begins that goes to the end of the line; npos if there is none in the first 256
/// bytes.
[[nodiscard]] std::size_t payload_begin(std::string_view line);

/// "<165>1 2024-01-31T10:15:00Z host app 4711 ID47 [meta@1 seq="12"] text" (RFC 5424). Parameters of structured data go
/// by their own names. Of the older form (RFC 3164) only the priority is read: the rest is the message.
bool read_syslog(std::string_view text, FieldList& out);

/// "CEF:0|vendor|product|version|signature|name|severity|key=value ..." and LEEF 1.0 and 2.0, perhaps behind a host.
bool read_cef(std::string_view text, FieldList& out);

/// An entry of journalctl -o export: "KEY=value" line by line, binary values ("KEY", then their length and bytes) too.
bool read_journal(std::string_view text, FieldList& out);

/// One or more lines of a container's log (CRI, docker compose): what the program wrote, in `message`, lines that the
/// run-time cut put together again.
bool read_container(std::string_view text, FieldList& out, std::string& message);

}  // namespace logdetect
