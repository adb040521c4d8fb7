using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Moq;
using RolloutFunctions.Engine;
using RolloutFunctions.Orchestration;
using Rollouts.Embedded.Tests;
using Rollouts.Machine;
using Rollouts.Manifests;

namespace RolloutFunctions.Tests.Engine;

/// <summary>The durable client with one instance that is as told, and what was asked of it.</summary>
internal sealed class ClientStandIn
{
    public const string Id = "shop.asking.0123456789";

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Release Release = Releases.Asking("asking");

    public ClientStandIn()
    {
        Mock.Setup(c => c.GetInstanceAsync(Id, It.IsAny<bool>(), It.IsAny<CancellationToken>())).ReturnsAsync(() => Instance);
        Mock.Setup(c => c.RaiseEventAsync(Id, RolloutOrchestrator.WakeEvent, It.IsAny<object?>(), It.IsAny<CancellationToken>()))
            .Returns(() =>
            {
                Raised++;
                return Refusal is null ? Task.CompletedTask : Task.FromException(Refusal);
            });
        Mock.Setup(c => c.ScheduleNewOrchestrationInstanceAsync(It.IsAny<TaskName>(), It.IsAny<object?>(), It.IsAny<StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
            .Returns((TaskName name, object? input, StartOrchestrationOptions? options, CancellationToken _) =>
            {
                Scheduled.Add((name.Name, (Generation)input!, options!));
                return Refusal is null ? Task.FromResult(options!.InstanceId!) : Task.FromException<string>(Refusal);
            });
    }

    public Mock<DurableTaskClient> Mock { get; } = new("stand-in");

    public RolloutInstances Instances => new(Mock.Object);

    /// <summary>Null: there is none.</summary>
    public OrchestrationMetadata? Instance { get; set; }

    /// <summary>What starting and raising end with; null lets them through.</summary>
    public Exception? Refusal { get; set; }

    public int Raised { get; private set; }

    public List<(string Orchestrator, Generation Input, StartOrchestrationOptions Options)> Scheduled { get; } = [];

    /// <summary>An instance whose rollout has read decisions up to one.</summary>
    public static OrchestrationMetadata In(OrchestrationRuntimeStatus status, long lastDecision = 0, Generation? output = null) => new(RolloutOrchestrator.Name, Id)
    {
        RuntimeStatus = status,
        DataConverter = JsonDataConverter.Default,
        SerializedInput = JsonDataConverter.Default.Serialize(Of(lastDecision)),
        SerializedOutput = output is null ? null : JsonDataConverter.Default.Serialize(output),
    };

    public static Generation Of(long lastDecision)
    {
        Turn first = RolloutMachine.Start(Release, Id, "jo", Noon);
        return new Generation(StoredTurn.Write(first with { Rollout = first.Rollout with { LastDecision = lastDecision } }), 7);
    }
}
