use super::*;

const SECOND: Duration = Duration::from_secs(1);

fn schedule() -> Schedule<u32> {
    Schedule::new(Politeness::default())
}

#[test]
fn a_host_is_asked_one_thing_at_a_time_after_its_delay() {
    let now = Instant::now();
    let mut schedule = schedule();
    let host = schedule.host("a", now);
    schedule.push(host, 1);
    schedule.push(host, 2);
    assert_eq!(schedule.next(now), Next::Start(host, 1));
    assert_eq!(schedule.next(now + 9 * SECOND), Next::Idle);
    schedule.finished(host, now + 9 * SECOND, SECOND / 10, Duration::ZERO);
    assert_eq!(schedule.next(now + 9 * SECOND), Next::At(now + 10 * SECOND));
    assert_eq!(schedule.next(now + 10 * SECOND), Next::Start(host, 2));
}

#[test]
fn slowness_pauses_and_own_delays_lengthen_the_wait() {
    let now = Instant::now();
    let cases = [
        (2 * SECOND, 0, 0, 10),
        (SECOND / 10, 7, 0, 7),
        (SECOND / 10, 0, 30, 30),
        (999 * SECOND, 0, 0, 300),
        (SECOND / 10, 900, 0, 900),
    ];
    for (took, delay, pause, want) in cases {
        let mut schedule = schedule();
        let host = schedule.host("a", now);
        schedule.push(host, 1);
        schedule.set_delay(host, delay * SECOND);
        assert_eq!(schedule.next(now), Next::Start(host, 1));
        schedule.finished(host, now, took, pause * SECOND);
        schedule.push(host, 2);
        assert_eq!(schedule.next(now), Next::At(now + want * SECOND));
    }
}

#[test]
fn urgent_tasks_pass_a_block_and_retries_wait() {
    let now = Instant::now();
    let mut schedule = schedule();
    let host = schedule.host("a", now);
    schedule.push(host, 1);
    schedule.block(host, true);
    assert_eq!(schedule.next(now), Next::Idle);
    schedule.push_urgent(host, 2);
    assert_eq!(schedule.next(now), Next::Start(host, 2));
    schedule.release(host);
    schedule.block(host, false);
    schedule.push_later(host, 3, now + 5 * SECOND);
    assert_eq!(schedule.next(now), Next::Start(host, 1));
    schedule.release(host);
    assert_eq!(schedule.next(now), Next::At(now + 5 * SECOND));
    assert_eq!(schedule.next(now + 5 * SECOND), Next::Start(host, 3));
}

/// 50 hosts of 20 URLs, each request taking 100 ms, against a simulated clock.
#[test]
fn many_hosts_keep_to_the_ideal_schedule() {
    let start = Instant::now();
    let took = SECOND / 10;
    let mut schedule = schedule();
    for name in 0..50 {
        let host = schedule.host(&name.to_string(), start);
        (0..20).for_each(|task| schedule.push(host, task));
    }
    let mut now = start;
    let mut running: BinaryHeap<Reverse<(Instant, HostId)>> = BinaryHeap::new();
    let mut last = vec![None; 50];
    loop {
        match (schedule.next(now), running.peek().copied()) {
            (Next::Start(host, _), _) => {
                assert!(last[host].is_none_or(|last| now >= last + SECOND));
                running.push(Reverse((now + took, host)));
            }
            (Next::At(at), Some(Reverse((done, _)))) if at < done => now = at,
            (_, Some(Reverse((done, host)))) => {
                now = done;
                running.pop();
                last[host] = Some(now);
                schedule.finished(host, now, took, Duration::ZERO);
            }
            (Next::At(at), None) => now = at,
            (Next::Idle, None) => break,
        }
    }
    let ideal = 20 * took + 19 * SECOND;
    assert!(now - start <= ideal.mul_f64(1.01), "{:?}", now - start);
}
