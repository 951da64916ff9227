#include "loggen/shop.h"

#include <cmath>

namespace logdetect::loggen {
namespace {

constexpr double kPagesContinue = 0.78;  // a geometric number of pages, 4.5 in the mean
constexpr double kBuys = 0.6;            // of those with something in the cart
constexpr double kLogsOut = 0.7;
constexpr std::int64_t kItems = 5000;
constexpr std::int64_t kUsers = 4000;

// A request on its way through the services: time passes, services speak.
class Request {
 public:
  Request(const Session& session, Rng& rng, Stage& stage, Micros begin)
      : session_(session), rng_(rng), stage_(stage), begin_(begin), now_(begin), id_(rng.next()) {}

  Micros pass(double median_millis, double sigma = 0.5) {
    const Micros span = spread(rng_, median_millis, sigma);
    now_ += span;
    return span;
  }
  [[nodiscard]] Micros elapsed() const { return now_ - begin_; }

  void say(Say what, std::int64_t a = 0, std::int64_t b = 0, std::int64_t c = 0,
           Category category = Category::kNormal) {
    Line line;
    line.time = now_;
    line.request = id_;
    line.session = session_.id;
    line.values = {a, b, c, 0};
    line.say = what;
    line.instance = instance_for(message(what).service, id_);
    line.category = category;
    stage_.say(line);
  }

  // The gateway's line, with the time the whole request took.
  void finish(Say what, std::int64_t detail = 0) {
    pass(1.2);
    say(what, elapsed(), session_.client, detail);
  }

 private:
  const Session& session_;
  Rng& rng_;
  Stage& stage_;
  const Micros begin_;
  Micros now_;
  const std::uint64_t id_;
};

std::int64_t below(Rng& rng, std::int64_t bound) {
  return static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(bound)));
}

// Few items are asked for often, many seldom.
std::int64_t popular_item(Rng& rng) {
  const double u = rng.uniform();
  return 10'000 + static_cast<std::int64_t>(u * u * u * static_cast<double>(kItems));
}

void log_in(Session& session, Rng& rng, Stage& stage, Micros time) {
  Request request(session, rng, stage, time);
  request.pass(3);
  for (std::int64_t attempt = 1; attempt < 4 && rng.uniform() < 0.04; ++attempt) {
    request.say(Say::kAuthFailed, session.user, session.client, attempt);
    request.pass(4000, 0.4);
  }
  request.pass(18);
  request.say(Say::kAuthOk, session.user);
  request.finish(Say::kLoginDone);
}

void look_at_item(const Session& session, Rng& rng, Stage& stage, Micros time) {
  Request request(session, rng, stage, time);
  const std::int64_t item = popular_item(rng);
  request.pass(2);
  if (rng.uniform() < 0.004) {
    request.finish(Say::kItemNotFound, item + kItems);
    return;
  }
  if (rng.uniform() < 0.75) {
    request.say(Say::kStockHit, item, 1 + below(rng, 180));
  } else {
    request.say(Say::kStockMiss, item);
    const Micros took = request.pass(2.2, 0.6);
    request.say(Say::kDbQuery, took, 1);
  }
  request.finish(Say::kItemDone, item);
}

void search(const Session& session, Rng& rng, Stage& stage, Micros time) {
  Request request(session, rng, stage, time);
  const std::int64_t word = below(rng, 1 << 16);
  const std::int64_t found = below(rng, 60);
  const Micros took = request.pass(9, 0.6);
  request.say(Say::kDbQuery, took, found);
  request.pass(2);
  request.say(Say::kSearchFound, word, found, request.elapsed());
  request.finish(Say::kSearchDone, word);
}

void put_into_cart(Session& session, Rng& rng, Stage& stage, Micros time) {
  Request request(session, rng, stage, time);
  ++session.in_cart;
  session.cents += price(rng);
  request.pass(6);
  request.say(Say::kCartAdded, popular_item(rng), session.in_cart);
  request.finish(Say::kCartDone);
}

void log_out(const Session& session, Rng& rng, Stage& stage, Micros time) {
  Request request(session, rng, stage, time);
  request.pass(5);
  request.say(Say::kSessionClosed, (time - session.began) / kMicrosPerSecond);
  request.finish(Say::kLogoutDone);
}

// False when the card is declined.
bool charge(const Session& session, Rng& rng, Request& request, std::int64_t order) {
  request.say(Say::kPayCharge, order, session.cents, below(rng, 10'000));
  for (std::int64_t retry = 1; retry < 4 && rng.uniform() < 0.012; ++retry) {
    request.pass(5000, 0.02);
    request.say(Say::kPayTimeout, order, 5000 + below(rng, 40), retry);
  }
  const Micros took = request.pass(240, 0.45);
  if (rng.uniform() < 0.02) {
    request.say(Say::kPayDeclined, order, 50 + below(rng, 6));
    return false;
  }
  request.say(Say::kPayCaptured, order, took, static_cast<std::int64_t>(rng.next() >> 32));
  return true;
}

}  // namespace

Micros spread(Rng& rng, double median_millis, double sigma) {
  return static_cast<Micros>(median_millis * static_cast<double>(kMicrosPerMilli) * std::exp(sigma * rng.normal()));
}

std::int64_t price(Rng& rng) {
  return static_cast<std::int64_t>(2400 * std::exp(0.7 * rng.normal()));
}

Session new_session(Rng& rng, Micros time) {
  Session session;
  session.id = rng.next();
  session.user = below(rng, kUsers);
  session.client = below(rng, std::int64_t{1} << 24);
  session.began = time;
  session.pages_left = 1;
  while (session.pages_left < 60 && rng.uniform() < kPagesContinue) {
    ++session.pages_left;
  }
  return session;
}

void place_order(const Session& session, Rng& rng, Stage& stage, Micros time, bool paid, Category category) {
  Request request(session, rng, stage, time);
  const std::int64_t order = 7'000'000 + below(rng, 2'000'000);
  request.pass(8);
  request.say(Say::kOrderCreated, order, session.user, session.in_cart, Category::kNormal);
  request.pass(3);
  request.say(Say::kStockReserved, popular_item(rng), session.in_cart, order);
  if (rng.uniform() < 0.015) {
    request.pass(12);
    request.say(Say::kLockRetry, order, 1);
  }
  request.pass(4);
  if (paid && !charge(session, rng, request, order)) {
    request.pass(6);
    request.say(Say::kOrderCancelled, order);
    request.finish(Say::kOrderRefused);
    return;
  }
  const Micros commit = request.pass(3.5, 0.6);
  request.say(Say::kDbCommit, static_cast<std::int64_t>(rng.next() >> 44), commit);
  request.pass(2);
  request.say(Say::kOrderConfirmed, order, request.elapsed(), 0, category);
  request.finish(Say::kOrderDone);
}

Micros next_request(Session& session, Rng& rng, Stage& stage, Micros time) {
  using Phase = Session::Phase;
  double think_seconds = 9;
  switch (session.phase) {
    case Phase::kLogin:
      log_in(session, rng, stage, time);
      session.phase = Phase::kBrowse;
      break;
    case Phase::kBrowse: {
      const double what = rng.uniform();
      if (what < 0.62) {
        look_at_item(session, rng, stage, time);
      } else if (what < 0.84) {
        search(session, rng, stage, time);
      } else {
        put_into_cart(session, rng, stage, time);
      }
      if (--session.pages_left == 0) {
        const bool buys = session.in_cart > 0 && rng.uniform() < kBuys;
        session.phase = buys ? Phase::kCheckout : Phase::kLogout;
      }
      break;
    }
    case Phase::kCheckout:
      place_order(session, rng, stage, time, true, Category::kNormal);
      think_seconds = 25;
      session.phase = Phase::kLogout;
      break;
    case Phase::kLogout:
      if (rng.uniform() < kLogsOut) {
        log_out(session, rng, stage, time);
      }
      session.phase = Phase::kOver;
      break;
    case Phase::kOver:
      break;
  }
  return time + spread(rng, think_seconds * 1000, 0.8);
}

double activity(Micros time) {
  // Orders of a day by hour, 0 to 23; straight lines between the full hours.
  constexpr std::array<double, 25> kByHour = {.22, .14, .10, .08, .08, .10, .18, .32, .50, .66, .74, .78, .80,
                                              .76, .72, .72, .75, .82, .92, 1.0, .98, .85, .60, .38, .22};
  constexpr Micros kThursday = 4;  // 1970-01-01, with Sunday as 0
  const Micros in_day = time % kMicrosPerDay;
  const auto hour = static_cast<std::size_t>(in_day / kMicrosPerHour);
  const double into = static_cast<double>(in_day % kMicrosPerHour) / static_cast<double>(kMicrosPerHour);
  const double share = kByHour.at(hour) * (1 - into) + kByHour.at(hour + 1) * into;
  const Micros weekday = (time / kMicrosPerDay + kThursday) % 7;
  return weekday == 0 || weekday == 6 ? share * kWeekendShare : share;
}

}  // namespace logdetect::loggen
