import type { Check } from '../check.ts';
import { expect, expectEqual } from '../failures.ts';

export const machinesKnowTheirSessions: Check = {
  id: 'machines',
  title: 'a machine is registered, knows its sessions, goes offline and comes back with a heartbeat',
  criteria: ['AC-4.4 machines', 'AC-2.3.a', 'AC-2.3.b', 'AC-2.3.c', 'AC-2.3.d', 'AC-2.3.e'],
  async verify(run) {
    const { client } = run;
    const machine_id = run.data.newMachineId('machine');
    const registered = await client.registerMachine({
      machine_id,
      hostname: 'verification.invalid',
      docker_slots: [1, 2, 3],
    });
    expectEqual('its status', registered.status, 'online');
    expectEqual('its slots', registered.docker_slots.join(), '1,2,3');

    const session = await run.createSession('machine', { machine_id, docker_slot: 2 });
    const busy = await client.getMachine(machine_id);
    expectEqual('its sessions', busy.active_sessions.join(), session.session_id);

    await client.updateSession(session.session_id, { status: 'completed' });
    const idle = await client.getMachine(machine_id);
    expectEqual('how many sessions it has when its only one has ended', idle.active_sessions.length, 0);

    await client.updateMachine(machine_id, { status: 'offline' });
    const back = await client.sendMachineHeartbeat(machine_id);
    expectEqual('its status after a heartbeat', back.status, 'online');
    expect(back.last_heartbeat >= registered.last_heartbeat, 'its heartbeat moved its time backwards');
  },
};
