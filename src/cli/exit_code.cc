#include "logdetect/cli/exit_code.h"

#include <algorithm>
#include <array>

namespace logdetect {

int exit_code(ErrorCode code, int signal) {
  switch (code) {
    case ErrorCode::kUsage:
    case ErrorCode::kConfig:
      return kExitUsage;
    case ErrorCode::kInput:
      return kExitIncomplete;
    case ErrorCode::kModel:
      return kExitModel;
    case ErrorCode::kOutput:
      return kExitOutput;
    case ErrorCode::kOutputClosed:
      return kExitOk;  // `| head` is no error
    case ErrorCode::kInterrupted:
      return signal == 0 ? kExitInternal : kExitSignal + signal;  // without a signal: a mistake of ours
    case ErrorCode::kInternal:
      return kExitInternal;
  }
  return kExitInternal;
}

int graver_exit(int a, int b) {
  constexpr std::array<int, 7> kRising = {kExitOk,    kExitFindings, kExitIncomplete, kExitUsage,
                                          kExitModel, kExitOutput,   kExitInternal};
  // 130 and 143 stand at no place of the list and so rank behind all of it.
  const auto rank = [&](int code) { return std::find(kRising.begin(), kRising.end(), code); };
  return rank(a) < rank(b) ? b : a;
}

}  // namespace logdetect
