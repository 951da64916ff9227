#pragma once

#include <string>
#include <vector>

#include "logdetect/base/error.h"
#include "logdetect/base/file.h"
#include "logdetect/ingest/inputs.h"
#include "logdetect/reading/control.h"

namespace logdetect {

/// Expands and opens inputs. Standard input and other things that can be read only once are copied to an unlinked
/// temporary file when `reread` is not null (it may stop the copying); `spool` keeps that alive.
/// Errors: kUsage for a word that is wrong in itself; kInput when no argument names anything.
struct OpenedInputs {
  std::vector<Input> inputs;
  std::vector<FileDescriptor> spool;
  std::vector<Error> problems;  ///< arguments that name nothing; the run goes on with the others
};
Result<OpenedInputs> prepare_inputs(const std::vector<std::string>& arguments, const IngestOptions& options,
                                    const RunControl* reread);

/// Their names as shown to people.
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Input>& inputs);

}  // namespace logdetect
