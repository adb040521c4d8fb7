using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Protobuf;
using Microsoft.DurableTask.Worker.Grpc;
using RolloutFunctions.Orchestration;
using Rollouts.Machine;

namespace RolloutFunctions.Tests.Orchestration;

/// <summary>
/// A generation as the runtime hands it to the worker: what its history holds, and what is new. Played by the code that the runtime itself uses, so
/// what it scheduled and what it schedules now are compared as in production.
/// </summary>
internal sealed class RecordedGeneration
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithIndentation("  "));

    private readonly OrchestratorRequest request;
    private DateTime now;

    private RecordedGeneration(OrchestratorRequest request, DateTime now) => (this.request, this.now) = (request, now);

    /// <summary>Reads a recording.</summary>
    public static RecordedGeneration Read(string path) => new(Parser.Parse<OrchestratorRequest>(File.ReadAllText(path)), default);

    /// <summary>Plays a generation from its start up to the moment before its last event is taken in.</summary>
    /// <param name="generation">Its input.</param>
    /// <param name="start">When it begins.</param>
    /// <param name="answers">What comes of its effects.</param>
    /// <param name="woken">True raises the event in its wait; false lets the timer fire.</param>
    public static RecordedGeneration Record(Generation generation, DateTime start, Func<Effect, Observation> answers, bool woken)
    {
        OrchestratorRequest request = new() { InstanceId = "shop.recorded.0123456789" };
        RecordedGeneration recording = new(request, start);
        ExecutionStartedEvent started = new()
        {
            Name = RolloutOrchestrator.Name,
            Version = "1.0",
            Input = JsonDataConverter.Default.Serialize(generation),
            OrchestrationInstance = new() { InstanceId = request.InstanceId, ExecutionId = "0123456789abcdef" },
        };
        recording.Next([new HistoryEvent { EventId = -1, ExecutionStarted = started }]);
        while (true)
        {
            OrchestratorResponse response = recording.Run((context, input) => RolloutOrchestrator.RunAsync(context, input));
            if (response.Actions.Any(a => a.OrchestratorActionTypeCase == OrchestratorAction.OrchestratorActionTypeOneofCase.CompleteOrchestration))
            {
                return recording;
            }

            recording.Next([.. response.Actions.SelectMany(a => recording.Follow(a, answers, woken))]);
        }
    }

    /// <summary>Runs the generation to where it has nothing more to take in.</summary>
    public OrchestratorResponse Run(Func<TaskOrchestrationContext, Generation, Task<Generation?>> orchestrator)
    {
        string answer = GrpcOrchestrationRunner.LoadAndRun<Generation, Generation>(
            Convert.ToBase64String(request.ToByteArray()), (context, generation) => orchestrator(context, generation!));
        return OrchestratorResponse.Parser.ParseFrom(Convert.FromBase64String(answer));
    }

    public void Write(string path) => File.WriteAllText(path, Formatter.Format(request) + "\n");

    private void Next(IReadOnlyList<HistoryEvent> events)
    {
        request.PastEvents.AddRange(request.NewEvents);
        request.NewEvents.Clear();
        HistoryEvent[] scheduled = [.. events.Where(IsScheduling)];
        request.PastEvents.AddRange(scheduled.Select(At));
        if (request.PastEvents.Count > 0)
        {
            request.PastEvents.Add(At(new HistoryEvent { EventId = -1, OrchestratorCompleted = new() }));
        }

        now = now.AddMilliseconds(40);
        request.NewEvents.Add(At(new HistoryEvent { EventId = -1, OrchestratorStarted = new() }));
        request.NewEvents.AddRange(events.Except(scheduled).Select(At));
    }

    private IEnumerable<HistoryEvent> Follow(OrchestratorAction action, Func<Effect, Observation> answers, bool woken)
    {
        if (action.CreateTimer is { } timer)
        {
            yield return new HistoryEvent { EventId = action.Id, TimerCreated = new() { FireAt = timer.FireAt } };
            now = woken ? now.AddSeconds(2) : timer.FireAt.ToDateTime();
            yield return woken
                ? new HistoryEvent { EventId = -1, EventRaised = new() { Name = RolloutOrchestrator.WakeEvent, Input = "\"\"" } }
                : new HistoryEvent { EventId = -1, TimerFired = new() { TimerId = action.Id, FireAt = timer.FireAt } };
            yield break;
        }

        ScheduleTaskAction task = action.ScheduleTask;
        object result = task.Name == EffectActivities.ReadDecisionsName
            ? new DecisionPage([], false)
            : new EffectOutcome(answers(JsonDataConverter.Default.Deserialize<EffectWork[]>(task.Input)![0].Effect));
        yield return new HistoryEvent { EventId = action.Id, TaskScheduled = new() { Name = task.Name, Version = task.Version, Input = task.Input } };
        yield return new HistoryEvent
        {
            EventId = -1,
            TaskCompleted = new() { TaskScheduledId = action.Id, Result = JsonDataConverter.Default.Serialize(result) },
        };
    }

    private HistoryEvent At(HistoryEvent happened)
    {
        happened.Timestamp = Timestamp.FromDateTime(now);
        return happened;
    }

    private static bool IsScheduling(HistoryEvent happened) =>
        happened.EventTypeCase is HistoryEvent.EventTypeOneofCase.TaskScheduled or HistoryEvent.EventTypeOneofCase.TimerCreated;
}
