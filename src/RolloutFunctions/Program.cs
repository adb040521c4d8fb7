using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using RolloutFunctions.Configuration;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddRollouts(AppSettings.Read(builder.Configuration));
await builder.Build().RunAsync().ConfigureAwait(false);
