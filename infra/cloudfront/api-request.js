// Viewer request, API: says where the person is and which address they used, because the API sees neither. Copies that a client
// sent are replaced. The functions believe both beside the secret header that the distribution adds, and never without it.
function handler(event) {
  var request = event.request;
  request.headers['x-viewer-address'] = { value: event.viewer.ip };
  request.headers['x-viewer-host'] = { value: request.headers.host.value };
  return request;
}
