#pragma once

#include <memory>
#include <string>
#include <vector>

#include "logdetect/ingest/options.h"
#include "logdetect/ingest/source_entry.h"

namespace logdetect {

/// What a run does with its inputs: each verb takes one kind of source.
enum class InputUse : std::uint8_t {
  kToTheEnd,  ///< train, scan, parse, eval: a plain name is a file, or a directory with options.recursive
  kLive,      ///< watch: a plain name is a file to follow
};

/// The inputs that the user's words stand for, in reading order, each once.
///
/// A word is a plain path or glob, "-" for standard input, or SCHEME:TARGET with a scheme of source_table(), where
/// SCHEME://TARGET is the same and TARGET may end in ?OPTION=VALUE&OPTION=VALUE. A name that exists as a file is that
/// file, and so is a name with an unknown scheme, so a log may be called "a:b.log"; "./" in front makes any name a
/// path. Order: as given; within a glob or directory by name, of a rotated log the oldest first. Errors: kUsage when
/// the list is empty, for SCHEME:// with an unknown scheme, an option that is wrong, or a source of the other use;
/// kInput for a name that matches nothing (the nearest existing one as hint) and for a directory without
/// options.recursive.
Result<std::vector<Input>> resolve_inputs(const std::vector<std::string>& words, const IngestOptions& options,
                                          InputUse use = InputUse::kToTheEnd);

/// Opens resolved inputs as one source. Inputs that end are read one after the other; live ones take turns.
/// Errors: kUsage when inputs of one scheme state different values of an option; kOutput for a cursor that is damaged
/// or of another version; what a scheme's open() reports.
Result<std::unique_ptr<RecordSource>> open_inputs(std::vector<Input> inputs, const OpenOptions& options);

}  // namespace logdetect
