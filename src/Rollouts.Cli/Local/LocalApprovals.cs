using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rollouts.Approvals;
using Rollouts.Approvals.Deciders;
using Rollouts.Http.Access;
using Rollouts.Http.Approvals;

namespace Rollouts.Cli.Local;

/// <summary>What the server in this process needs to listen to chat and to signed links.</summary>
/// <param name="Desk">The parts that are set up.</param>
/// <param name="Rules">What the operator asks of every release.</param>
/// <param name="Logging">Where refused callbacks are logged.</param>
internal sealed record LocalApprovals(ApprovalDesk Desk, OperatorRules Rules, ILoggerFactory Logging)
{
    public static LocalApprovals Of(IServiceProvider services) => new(
        services.GetRequiredService<ApprovalDesk>(), services.GetRequiredService<OperatorRules>(), services.GetRequiredService<ILoggerFactory>());

    public void AddTo(IServiceCollection services, SharedToken access)
    {
        services.AddSingleton(Desk);
        services.AddSingleton(Rules);
        services.AddSingleton<IPrincipalSource>(access);
        services.AddSingleton(Logging.CreateLogger<SlackCallbacks>());
        services.AddSingleton(Logging.CreateLogger<TeamsCallbacks>());
        services.AddApprovalHandlers();
    }
}
