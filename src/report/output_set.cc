#include "logdetect/report/output_set.h"

#include <string_view>
#include <utility>

namespace logdetect {

// One output. Its closed reader is an error only when no other output has a reader left.
class OutputSet::Member final : public Output {
 public:
  Member(OutputSet& set, std::unique_ptr<Output> output) : set_(set), output_(std::move(output)) {}

  Result<void> write(std::string_view records) override {
    return closed_ ? while_others_go_on() : checked(output_->write(records));
  }
  Result<void> flush() override { return closed_ ? while_others_go_on() : checked(output_->flush()); }
  Result<void> commit() override { return closed_ ? while_others_go_on() : checked(output_->commit()); }
  Result<void> abandon() override { return closed_ ? while_others_go_on() : checked(output_->abandon()); }

 private:
  Result<void> checked(Result<void> done) {
    if (done || done.error().code != ErrorCode::kOutputClosed) {
      return done;
    }
    closed_ = done.error();
    --set_.open_;
    return while_others_go_on();
  }

  // What is written for a reader that went away is dropped. The last one to go ends the run.
  Result<void> while_others_go_on() const { return set_.open_ == 0 ? Result<void>(*closed_) : Result<void>(); }

  OutputSet& set_;
  std::unique_ptr<Output> output_;
  std::optional<Error> closed_;
};

OutputSet::OutputSet() = default;
OutputSet::~OutputSet() = default;

Result<Output*> OutputSet::open(const OutputTarget& target, OutputMode mode) {
  LD_ASSIGN(std::unique_ptr<Output> output, target.open(mode));
  members_.push_back(std::make_unique<Member>(*this, std::move(output)));
  ++open_;
  return members_.back().get();
}

Result<void> OutputSet::flush() {
  for (const std::unique_ptr<Member>& member : members_) {
    LD_TRY(member->flush());
  }
  return {};
}

Result<void> OutputSet::commit() {
  // A full disk shows here, before any file has got its name.
  LD_TRY(flush());
  for (const std::unique_ptr<Member>& member : members_) {
    LD_TRY(member->commit());
  }
  return {};
}

Result<void> OutputSet::abandon() {
  for (const std::unique_ptr<Member>& member : members_) {
    LD_TRY(member->abandon());
  }
  return {};
}

}  // namespace logdetect
