import type { CreateTask, ListTasks, Task, TaskList, UpdateTask } from '@claude-projects/shared/contract';
import { Controller, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Endpoint, RouteBody, RouteQuery } from '../http/endpoint.decorator.ts';
import { TasksService } from './tasks.service.ts';

@Controller()
export class TasksController {
  constructor(@Inject(TasksService) private readonly tasks: TasksService) {}

  @Endpoint('createTask')
  async create(
    @RouteBody('createTask') body: CreateTask,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Task> {
    const { created, task } = await this.tasks.create(body);
    if (!created) void reply.status(200);
    return task;
  }

  @Endpoint('listTasks')
  list(@RouteQuery('listTasks') query: ListTasks): Promise<TaskList> {
    return this.tasks.list(query);
  }

  @Endpoint('getTask')
  get(@Param('taskId') taskId: string): Promise<Task> {
    return this.tasks.get(taskId);
  }

  @Endpoint('updateTask')
  update(@Param('taskId') taskId: string, @RouteBody('updateTask') body: UpdateTask): Promise<Task> {
    return this.tasks.update(taskId, body);
  }

  @Endpoint('deleteTask')
  delete(@Param('taskId') taskId: string): Promise<void> {
    return this.tasks.delete(taskId);
  }
}
