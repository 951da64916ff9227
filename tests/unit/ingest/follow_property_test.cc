// Random sequences of what a writer, logrotate and an administrator do, against an oracle: every line that survived on
// disk comes out exactly once, whatever happened in between.
#include <map>

#include "logdetect/base/log.h"
#include "logdetect/base/rng.h"
#include "unit/ingest/follow_fixture.h"

namespace logdetect {
namespace {

// Hands out numbered lines, long enough that the fingerprint of one tells files apart, and knows what must be seen. A
// line can be written in two parts; both are recognisable, for they may rightly come out as two records.
class Oracle {
 public:
  std::string whole_line() {
    const std::string head = begin_line();
    return head + end_line();
  }

  std::string begin_line() {
    head_ = std::to_string(++number_) + ":" + std::string(70, '.');
    expected_[head_] = "";
    return head_;
  }

  std::string end_line() {
    const std::string tail = "|" + std::to_string(number_) + ";";
    expected_[head_] = tail;
    head_.clear();
    return tail + "\n";
  }

  [[nodiscard]] bool line_open() const { return !head_.empty(); }

  void saw(const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
      ++seen_[text];
    }
  }

  void check(const std::string& where) {
    for (const auto& [head, tail] : expected_) {
      if (take(head + tail)) {
        continue;
      }
      const bool in_two = !tail.empty() && take(head) && take(tail);
      EXPECT_TRUE(in_two) << where << ": lost line " << head.substr(0, head.find(':'));
    }
    for (const auto& [text, count] : seen_) {
      EXPECT_EQ(count, 0) << where << ": too often: " << text;
    }
  }

 private:
  bool take(const std::string& text) {
    const auto found = seen_.find(text);
    return found != seen_.end() && found->second-- == 1;
  }

  std::uint64_t number_ = 0;
  std::string head_;                             // of the line begun last, if it is not ended
  std::map<std::string, std::string> expected_;  // first part: second part
  std::map<std::string, int> seen_;
};

class FollowProperty : public FollowTest, public testing::WithParamInterface<int> {
 protected:
  void act();
  void write(int lines);
  void rotate();
  void see() { oracle.saw(drain()); }
  void see_all() {
    see();
    clock.now += options.flush_partial;
    see();
  }

  // Modification times advance by 1 ms with every change, so the outcome does not hang on the kernel's tick.
  void stamp(const std::string& path) {
    time += std::chrono::milliseconds(1);
    std::filesystem::last_write_time(path, time);
  }
  void note(const std::string& what) { history += what + " "; }

  Rng rng{static_cast<std::uint64_t>(GetParam())};
  Oracle oracle;
  std::filesystem::file_time_type time = std::filesystem::file_time_type::clock::now() - std::chrono::hours(1);
  bool up = true;
  bool settled = false;  // everything on disk was seen, and nothing is held back
  std::vector<FilePosition> positions;
  std::string history;
};

void FollowProperty::write(int lines) {
  std::string text;
  for (int i = 0; i < lines; ++i) {
    text += oracle.line_open() ? oracle.end_line() : oracle.whole_line();
  }
  if (rng.below(4) == 0) {
    text += oracle.line_open() ? oracle.end_line() : oracle.begin_line();
  }
  append(log, text);
  stamp(log);
}

// .1 becomes .2 and so on, to make room for a new .1.
void FollowProperty::rotate() {
  int last = 0;
  while (std::filesystem::exists(log + "." + std::to_string(last + 1))) {
    ++last;
  }
  for (; last > 0; --last) {
    std::filesystem::rename(log + "." + std::to_string(last), log + "." + std::to_string(last + 1));
  }
}

void FollowProperty::act() {
  const bool exists = std::filesystem::exists(log);
  switch (rng.below(11)) {
    case 0:
    case 1:
    case 2:
      note("write");
      write(static_cast<int>(rng.below(5)) + 1);
      settled = false;
      return;
    case 3:
      if (exists) {
        note("rename");
        rotate();
        std::filesystem::rename(log, log + ".1");
      }
      return;
    case 4:
      if (exists) {
        note("copytruncate");
        rotate();
        std::filesystem::copy_file(log, log + ".1");
        stamp(log + ".1");
        truncate(log);
        stamp(log);
      }
      return;
    case 5:
      if (up && exists) {
        note("truncate");
        see_all();
        truncate(log);
        stamp(log);
      }
      return;
    case 6:
      if (exists && (up || settled)) {
        note("delete");
        if (up) {
          see_all();
        }
        std::filesystem::remove(log);
      }
      return;
    case 7:
      note(up ? "kill" : "start");
      if (up) {
        if (rng.below(2) == 0) {
          see_all();
          settled = true;
        }
        positions = follower->positions();
        follower.reset();
      } else {
        follow(positions);
        settled = false;
      }
      up = !up;
      return;
    case 8:
      if (up) {
        note("wait");
        clock.now += static_cast<Micros>(rng.below(40)) * kMicrosPerSecond;
      }
      return;
    default:
      if (up) {
        note("see");
        see();
      }
      return;
  }
}

TEST_P(FollowProperty, NothingLostNothingTwice) {
  configure_log(Verbosity::kQuiet, false);
  write(1);  // a run that saw no file at all has nothing to resume from
  follow();
  see();
  for (int step = 0; step < 120; ++step) {
    act();
  }
  if (!up) {
    follow(positions);
  }
  see_all();
  oracle.saw(flush());
  configure_log(Verbosity::kNormal, false);
  oracle.check(history);
}

INSTANTIATE_TEST_SUITE_P(Seeds, FollowProperty, testing::Range(1, 2001));

}  // namespace
}  // namespace logdetect
